package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The drawing of a window, its numbers and its channels, and that nothing a reader made is lost.
 */
class PageWindowIT {
  @TempDir private static Path folder;

  private static OpenPage open;
  private static Page page;

  @BeforeAll
  static void openThePage() throws IOException {
    open = new OpenPage(folder);
    page = open.page();
  }

  @AfterAll
  static void closeThePage() {
    if (open != null) {
      open.close();
      assertEquals(List.of(), open.complaints(), "what scripts reported or asked a network for");
    }
  }

  /**
   * A convolution in plain loops on the lesson's numbers, as d2l's sections 7.2 to 7.4 define it.
   */
  private record Plain(
      int size, int in, int out, int groups, int kernel, int stride, int padding, String mode) {
    static Plain random(Random random) {
      int groups = 1 + random.nextInt(2);
      String mode =
          List.of("zeros", "zeros", "reflect", "replicate", "circular").get(random.nextInt(5));
      return new Plain(
          3 + random.nextInt(4),
          groups * (1 + random.nextInt(2)),
          groups * (1 + random.nextInt(2)),
          groups,
          1 + random.nextInt(3),
          1 + random.nextInt(2),
          random.nextInt(3),
          mode);
    }

    String notation() {
      return "nn.Conv2d(%d, %d, %d, stride=%d, padding=%d, groups=%d, padding_mode='%s')"
          .formatted(in, out, kernel, stride, padding, groups, mode);
    }

    int outputs() {
      return (size + 2 * padding - kernel) / stride + 1;
    }

    long x(int channel, int row, int column) {
      int y = at(row);
      int z = at(column);
      return y < 0 || z < 0 ? 0 : channel + (long) y * size + z + (size == 1 ? 1 : 0);
    }

    /** The row or column whose number stands at a place; -1 for a zero. */
    private int at(int place) {
      if (place >= 0 && place < size) {
        return place;
      }
      return switch (mode) {
        case "reflect" -> place < 0 ? -place : 2 * size - 2 - place;
        case "replicate" -> place < 0 ? 0 : size - 1;
        case "circular" -> (place + size) % size;
        default -> -1;
      };
    }

    long partial(int output, int channel, int row, int column) {
      long sum = 0;
      for (int a = 0; a < kernel; a++) {
        for (int b = 0; b < kernel; b++) {
          long weight = output + channel % (in / groups) + a * kernel + b + (kernel == 1 ? 1 : 0);
          sum += weight * x(channel, row * stride - padding + a, column * stride - padding + b);
        }
      }
      return sum;
    }

    long value(int output, int row, int column) {
      int from = output / (out / groups) * (in / groups);
      long sum = 0;
      for (int channel = from; channel < from + in / groups; channel++) {
        sum += partial(output, channel, row, column);
      }
      return sum;
    }
  }

  @Test
  void randomConvolutionsShowTheNumbersOfPlainLoops() {
    Random random = new Random(12);
    for (int i = 0; i < 60; i++) {
      Plain plain = Plain.random(random);
      int output = random.nextInt(plain.out());
      open.type(plain.notation(), plain.in() + "x" + plain.size() + "x" + plain.size());
      if (page.isVisible("#error")) {
        continue; // the kernel does not fit, or the padding cannot be had
      }
      if (plain.out() > 1) {
        page.fill("#out-channel", String.valueOf(output));
      }
      int row = random.nextInt(plain.outputs());
      int column = random.nextInt(plain.outputs());
      page.fill("#step", String.valueOf(row * plain.outputs() + column));
      String said = page.textContent("#cell");
      assertTrue(said.endsWith(" = " + plain.value(output, row, column)), plain + ": " + said);
      List<String> drawn = numbers("#output-grid");
      for (int at = 0; at < drawn.size(); at++) {
        long value = plain.value(output, at / plain.outputs(), at % plain.outputs());
        assertEquals(String.valueOf(value), drawn.get(at), plain + " " + at);
      }
      int depth = plain.in() / plain.groups();
      int from = output / (plain.out() / plain.groups()) * depth;
      List<String> part = depth > 1 ? numbers("#partial-grid") : List.of();
      for (int at = 0; at < part.size(); at++) {
        long value = plain.partial(output, from, at / plain.outputs(), at % plain.outputs());
        assertEquals(String.valueOf(value), part.get(at), plain + " " + at);
      }
      padding(plain, from);
    }
  }

  /** Each place of the padded input shows the number that is used there. */
  private static void padding(Plain plain, int channel) {
    List<String> drawn = numbers("#input-grid");
    int width = plain.size() + 2 * plain.padding();
    assertTrue(drawn.isEmpty() || drawn.size() == width * width, plain.toString());
    for (int at = 0; at < drawn.size(); at++) {
      long x = plain.x(channel, at / width - plain.padding(), at % width - plain.padding());
      assertEquals(String.valueOf(x), drawn.get(at), plain + " " + at);
    }
  }

  private static List<String> numbers(String grid) {
    return page.locator(grid + " text:not(.axis):not(.corner)").allTextContents();
  }

  @Test
  void theLessonsChannelsAddUp() {
    open.type("nn.Conv2d(2, 3, 2)", "2x3x3");
    page.press("#output-grid", "Home");
    assertEquals(List.of("56", "72", "104", "120"), numbers("#output-grid"));
    assertEquals(List.of("19", "25", "37", "43"), numbers("#partial-grid"));
    assertEquals(2, page.locator(".channel:visible").count());
    assertEquals(
        "channel 0: 0×0 + 1×1 + 3×2 + 4×3 = 19channel 1: 1×1 + 2×2 + 4×3 + 5×4 = 37"
            + "Y[0][0, 0] = 19 + 37 = 56",
        page.textContent("#cell"));
    page.click("#channel-map [data-out='2']");
    assertEquals(List.of("96", "128", "192", "224"), numbers("#output-grid"));
    assertEquals("2", page.inputValue("#out-channel"));
  }

  @Test
  void aPointwiseConvolutionIsAMatrixProductAndNotAllZeros() {
    open.type("nn.Conv2d(3, 2, 1)", "3x3x3");
    assertEquals(List.of("1", "2", "3", "2", "3", "4"), numbers("#matrix-k"));
    List<String> y = numbers("#matrix-y");
    assertEquals(18, y.size());
    for (int position = 0; position < 9; position++) {
      long first = position + 2L * (position + 1) + 3L * (position + 2);
      assertEquals(String.valueOf(first), y.get(position));
    }
    assertEquals(y.subList(0, 9), numbers("#output-grid"));
    open.type("nn.Conv2d(1, 1, 1)", "2x2");
    assertEquals(List.of("0", "1", "2", "3"), numbers("#output-grid"));
    assertTrue(page.isHidden("#matrix"), "one number times one number is no matrix product");
    open.type("nn.Conv2d(1, 1, 1)", "1x1");
    assertEquals(List.of("1"), numbers("#output-grid"));
  }

  /** From an input to the outputs that use it, against a walk over all outputs and taps. */
  @ParameterizedTest
  @CsvSource({"7, 3, 2, 1, 1", "8, 2, 1, 0, 3", "9, 2, 4, 0, 1", "6, 3, 1, 2, 2"})
  void anInputShowsTheOutputsThatUseIt(
      int size, int kernel, int stride, int padding, int dilation) {
    open.type(
        "nn.Conv2d(1, 1, %d, stride=%d, padding=%d, dilation=%d)"
            .formatted(kernel, stride, padding, dilation),
        size + "x" + size);
    page.check("#follow-input");
    int outputs = (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    for (int at = 0; at < size * size; at += 5) {
      page.fill("#step", String.valueOf(at));
      TreeSet<String> expected = new TreeSet<>();
      for (int o = 0; o < outputs * outputs; o++) {
        for (int t = 0; t < kernel * kernel; t++) {
          int row = o / outputs * stride - padding + t / kernel * dilation;
          int column = o % outputs * stride - padding + t % kernel * dilation;
          if (row == at / size && column == at % size) {
            expected.add("[" + o / outputs + ", " + o % outputs + "]: ×" + t);
          }
        }
      }
      TreeSet<String> said = new TreeSet<>();
      for (String part : page.textContent("#cell").split("Y")) {
        if (!part.isBlank()) {
          said.add(part.replaceAll(", $", ""));
        }
      }
      assertEquals(expected, said, "input " + at);
      assertEquals(expected.size(), page.locator("#output-grid rect.tap").count());
    }
    page.check("#follow-output");
  }

  @Test
  void aTapShowsThePairsThatItMet() {
    open.type("nn.Conv2d(1, 1, 2, stride=2)", "4x4");
    page.check("#follow-tap");
    page.fill("#step", "1");
    assertEquals("K[0, 1] = 1 met 4 pairs of an input and an output:", page.textContent("#reads"));
    assertEquals(
        "X[0, 1] → Y[0, 0], X[0, 3] → Y[0, 1], X[2, 1] → Y[1, 0], X[2, 3] → Y[1, 1]",
        page.textContent("#cell"));
    assertEquals(4, page.locator("#input-grid rect.tap").count());
    open.type("nn.Conv2d(1, 1, 2, padding=1)", "2x2");
    assertEquals(
        "K[0, 1] = 1 met 4 pairs of an input and an output, and lay on padding 5 times:",
        page.textContent("#reads"));
    page.check("#follow-output");
  }

  /** A tap has one colour, in the kernel and where it lies. */
  @Test
  void tapsHaveTheirColours() {
    open.type("nn.Conv2d(1, 1, (2, 3), padding=1)", "5x6");
    page.press("#output-grid", "End");
    Object colours =
        page.evaluate(
            """
            () => {
              const fills = (id) => [...document.querySelectorAll(`#${id} rect.tap`)].map((e) => getComputedStyle(e).fill);
              return [fills('input-grid'), fills('kernel-grid'), [...document.querySelectorAll('#cell .term')].map((e) => getComputedStyle(e).borderBottomColor)];
            }
            """);
    List<?> all = (List<?>) colours;
    assertEquals(6, new TreeSet<>(strings(all.get(0))).size(), "six colours");
    assertEquals(all.get(0), all.get(1));
    assertEquals(all.get(0), all.get(2));
  }

  private static List<String> strings(Object list) {
    List<String> texts = new ArrayList<>();
    ((List<?>) list).forEach(text -> texts.add(String.valueOf(text)));
    return texts;
  }

  @Test
  void aPointerLooksAndLeavesEverythingAsItWas() {
    open.type("nn.Conv2d(1, 1, 3)", "6x6");
    page.press("#output-grid", "Home");
    String before = page.textContent("#reads");
    pointAt("#input-grid", 2, 3);
    assertTrue(page.textContent("#reads").startsWith("X[2, 3] = 15 is used 9 times"), "an input");
    pointAt("#kernel-grid", 0, 1);
    assertTrue(page.textContent("#reads").startsWith("K[0, 1] = 1 met 16 pairs"), "a tap");
    pointAt("#output-grid", 3, 3);
    assertTrue(page.textContent("#reads").startsWith("Output [3, 3] reads rows 3 to 5"), "output");
    page.mouse().move(1, 1);
    assertEquals(before, page.textContent("#reads"));
    pointAt("#input-grid", 1, 1);
    page.mouse().down();
    page.mouse().up();
    page.mouse().move(1, 1);
    assertTrue(page.textContent("#reads").startsWith("X[1, 1] = 7 is used"), "a click keeps it");
    assertTrue(page.isChecked("#follow-input"), "and follows it");
    sweep("#grids svg");
    page.focus("#kernel-grid");
    page.keyboard().press("ArrowRight");
    assertTrue(page.textContent("#reads").startsWith("K[0, 1] = 1 met"), "keys move the tap");
    page.check("#follow-output");
  }

  /** Moves the mouse to the middle of a cell of a grid that begins at 0. */
  private static void pointAt(String grid, int row, int column) {
    page.locator(grid).scrollIntoViewIfNeeded();
    String text = page.getAttribute(grid, "viewBox") + " " + page.getAttribute(grid, "data-side");
    double[] view =
        java.util.Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    var box = page.locator(grid).boundingBox();
    double scale = box.width / view[2];
    page.mouse()
        .move(
            box.x + ((column + 0.5) * view[4] - view[0]) * scale,
            box.y + ((row + 0.5) * view[4] - view[1]) * scale);
  }

  /** Moves a pointer over all of some drawings, their borders included. */
  private static void sweep(String drawings) {
    page.evaluate(
        """
        (drawings) => {
          for (const svg of document.querySelectorAll(drawings)) {
            const box = svg.getBoundingClientRect();
            for (let x = -1; x <= box.width + 1; x += 3) {
              for (const y of [0, 1, box.height / 2, box.height - 2, box.height - 1, box.height]) {
                const at = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
                svg.dispatchEvent(new PointerEvent('pointermove', at));
              }
            }
          }
        }
        """,
        drawings);
    assertFalse(page.textContent("#said").contains("undefined"), page.textContent("#said"));
    page.mouse().move(2, 2);
  }

  /** The part of a large input that is drawn has the numbers that stand there. */
  @Test
  void aLargeInputIsDrawnAroundTheWindow() {
    open.type("nn.Conv2d(2, 1, 3, stride=2, padding=1)", "2x300x400");
    page.press("#output-grid", "Home");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowRight");
    assertTrue(page.textContent("#cell").startsWith("channel 0: 401×0 + 402×1 + 403×2 + 801×3"));
    List<String> drawn = numbers("#input-grid");
    assertTrue(drawn.contains("401") && drawn.contains("1203"), drawn.toString());
    assertTrue(page.textContent("#no-drawing").startsWith("Of 300 x 400 cells"), "it says so");
    sweep("#grids svg");
    page.focus("#output-grid");
    page.keyboard().press("End");
    assertTrue(page.textContent("#reads").startsWith("Output [149, 199] reads rows 297 to 299"));
    assertTrue(numbers("#input-grid").contains("119999"), "the last number");
  }

  @Test
  void itPlaysByItselfAndStops() {
    open.type("nn.Conv2d(1, 1, 3)", "6x6");
    page.press("#output-grid", "Home");
    page.click("#play");
    page.waitForCondition(() -> page.inputValue("#step").equals("2"));
    assertEquals("off", page.getAttribute("#said", "aria-live"));
    page.click("#play");
    String step = page.inputValue("#step");
    page.waitForTimeout(1200);
    assertEquals(step, page.inputValue("#step"));
    assertEquals("polite", page.getAttribute("#said", "aria-live"));
  }

  @ParameterizedTest
  @CsvSource({"10, 2, 4, 2 3 6 7", "8, 3, 3, 6 7", "7, 2, 3, 2 5 6", "9, 3, 1, ''"})
  void unreadRowsAndColumnsAreMarked(int size, int kernel, int stride, String unread) {
    open.type("nn.Conv2d(1, 1, %d, stride=%d)".formatted(kernel, stride), size + "x" + size);
    Object marked =
        page.evaluate(
            """
            () => {
              const grid = document.getElementById('input-grid');
              const side = Number(grid.dataset.side);
              return [...grid.querySelectorAll('rect.unread')].filter((e) => e.x.baseVal.value === 0 && e.width.baseVal.value > e.height.baseVal.value)
                .flatMap((e) => Array.from({ length: Math.round(e.height.baseVal.value / side) }, (_, i) => Math.round(e.y.baseVal.value / side) + i)).join(' ');
            }
            """);
    assertEquals(unread, marked);
    assertEquals(!unread.isEmpty(), page.textContent("#legend").contains("read by no output"));
  }

  @Test
  void aMaximumsPaddingIsMinusInfinity() {
    open.type("nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)", "6x6");
    page.press("#output-grid", "End");
    assertTrue(numbers("#input-grid").contains("-inf"));
    assertEquals("Y[3, 3] = max(35) = 35", page.textContent("#cell"));
    assertFalse(page.textContent("#field").contains("6"), "no row 6 of a 6x6 picture");
  }

  /** The input spread by the stride, under the turned kernel, is the same sum. */
  @Test
  void aTransposedConvolutionSpreadsAndScatters() {
    open.type("nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)", "2x2");
    assertEquals(
        "0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 2 0 3 0 0 0 0 0 0",
        String.join(" ", numbers("#spread-grid")));
    page.check("#follow-input");
    page.fill("#step", "3");
    assertTrue(page.textContent("#reads").startsWith("X[1, 1] = 3 is used 4 times"), "scattered");
    assertEquals("Y[1, 1]: ×0, Y[1, 2]: ×1, Y[2, 1]: ×3, Y[2, 2]: ×4", page.textContent("#cell"));
    page.check("#follow-output");
  }

  @Test
  void aSequenceIsARow() {
    open.type("nn.Conv1d(1, 1, 3, padding=1)", "1x1x5");
    page.press("#output-grid", "End");
    assertEquals(List.of("2", "5", "8", "11", "4"), numbers("#output-grid"));
    assertEquals(
        "Output [4] reads positions 3 to 5 of the input."
            + " Numbers below 0 and behind the end are padding.",
        page.textContent("#reads"));
    assertEquals("Y[4] = 3×0 + 4×1 + 0×2 = 4", page.textContent("#cell"));
  }

  @Test
  void numbersOfOnesOwnAreUsed() {
    open.type("nn.Conv2d(1, 1, (1, 2))", "2x4");
    page.evaluate("document.getElementById('own').open = true");
    page.fill("#own-x", "1 1 0 0\n0, 0.5, 1, 1");
    page.fill("#own-kernel", "1 -1");
    assertEquals(List.of("0", "1", "0", "-0.5", "-0.5", "0"), numbers("#output-grid"));
    page.press("#output-grid", "Home");
    assertEquals("Y[0, 0] = 1×1 + 1×(-1) = 0", page.textContent("#cell"));
    assertTrue(page.isHidden("#values-note"), "these are not the lesson's");
    page.fill("#own-kernel", "1 -1 1");
    assertEquals(
        "K must have 1 row of 2 numbers. Until then the lesson's numbers are used.",
        page.textContent("#own-problem"));
    page.fill("#own-kernel", "<b>1</b>");
    assertTrue(page.textContent("#own-problem").startsWith("'<b>1</b>' is no row of numbers"));
    page.click("#lesson-numbers");
    assertTrue(page.isHidden("#own-problem"));
    assertEquals(List.of("1", "2", "3", "5", "6", "7"), numbers("#output-grid"));
  }

  @Test
  void aPictureFromDiskHasItsFeatureMap() throws IOException {
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0xFFFFFF);
    image.setRGB(3, 1, 0x808080);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    page.evaluate("document.getElementById('own').open = true");
    page.setInputFiles("#picture", new FilePayload("a.png", "image/png", png.toByteArray()));
    page.waitForCondition(() -> page.inputValue("#input").equals("5x6"));
    page.selectOption("#kernels", "sharpen");
    page.press("#output-grid", "Home");
    assertTrue(page.textContent("#cell").endsWith(" = -255"), page.textContent("#cell"));
    page.keyboard().press("ArrowRight");
    assertTrue(page.textContent("#cell").endsWith(" = 1147"), page.textContent("#cell"));
    assertEquals(1, page.locator("#output-grid image").count());
    page.waitForTimeout(300);
    assertFalse(page.url().contains("x=0"), "the picture is not in the link");
    page.setInputFiles("#picture", new FilePayload("a.png", "image/png", new byte[] {1, 2}));
    page.waitForCondition(() -> page.isVisible("#own-problem"));
    assertEquals(
        "This file is no picture that the browser can read.", page.textContent("#own-problem"));
    page.click("#lesson-numbers");
  }

  @Test
  void backUndoesWhatReplacedAText() {
    Page tab = open.tab(new Browser.NewContextOptions().setLocale("en-US"), "");
    tab.fill("#layers", "nn.Conv2d(1, 1, 5, padding=2)");
    tab.waitForTimeout(200);
    tab.selectOption("#net", "lenet");
    tab.click("#rows tbody tr:nth-child(4) button");
    assertTrue(tab.textContent("#chosen").startsWith("Layer 3: "));
    tab.goBack();
    assertTrue(tab.textContent("#chosen").startsWith("Layer 0: "));
    tab.goBack();
    assertEquals("nn.Conv2d(1, 1, 5, padding=2)", tab.inputValue("#layers"));
    assertEquals("", tab.inputValue("#net"));
    tab.focus("#n-kernel-height-slider");
    tab.keyboard().press("ArrowRight");
    assertEquals("nn.Conv2d(1, 1, kernel_size=6, padding=2)", tab.inputValue("#layers"));
    tab.goBack();
    assertEquals("nn.Conv2d(1, 1, 5, padding=2)", tab.inputValue("#layers"));
    tab.goForward();
    assertEquals("nn.Conv2d(1, 1, kernel_size=6, padding=2)", tab.inputValue("#layers"));
    tab.close();
  }

  @Test
  void aNetWithATypoHasNothingThatCouldReplaceIt() {
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    assertTrue(page.isVisible("#sliders"));
    open.type("nn.Conv2d(1, 1, 3),\nnn.Linnear(3, 4)", "8x8");
    assertTrue(page.isHidden("#sliders"), "no slider");
    assertEquals(
        "This text cannot be read as a layer or a network:", page.textContent("#impossible"));
    open.type("nn.Conv2d(1, 1, 3)", "8x");
    assertEquals("This input cannot be read:", page.textContent("#impossible"));
    open.type("nn.Conv2d(1, 1, 9)", "8x8");
    assertEquals("These settings are not possible:", page.textContent("#impossible"));
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    page.fill("#n-stride-height", "0");
    assertTrue(page.isVisible("#sliders"), "what the sliders wrote they can write again");
    page.fill("#n-stride-height", "1");
    assertTrue(page.isHidden("#error"));
  }

  @Test
  void aPresetCanBeChosenAgain() {
    page.selectOption("#net", "lenet");
    String text = page.inputValue("#layers");
    page.fill("#layers", "nn.ReLU()");
    assertEquals("", page.inputValue("#net"));
    page.selectOption("#net", "lenet");
    assertEquals(text, page.inputValue("#layers"));
    assertEquals("lenet", page.inputValue("#net"));
  }

  @Test
  void sameNumberForBothAxesChangesNothingUntilItIsMoved() {
    open.type("nn.Conv2d(1, 1, (3, 5))", "6x9");
    page.uncheck("#n-both");
    page.check("#n-both");
    assertEquals("nn.Conv2d(1, 1, (3, 5))", page.inputValue("#layers"));
    page.fill("#n-inputSize-height", "7");
    assertEquals("7x9", page.inputValue("#input"));
    page.fill("#n-kernel-width", "4");
    assertEquals("nn.Conv2d(1, 1, kernel_size=4)", page.inputValue("#layers"));
    page.selectOption("#type", "MaxPool2d");
    page.selectOption("#type", "Conv2d");
    assertEquals("nn.Conv2d(1, 1, kernel_size=4)", page.inputValue("#layers"));
  }

  /** Errors that sliders can reach are Chinese on a Chinese page. */
  @Test
  void errorsOfTheSlidersSpeakChinese() {
    Page tab = open.tab(new Browser.NewContextOptions().setLocale("zh-CN"), "");
    List<String> texts =
        List.of(
            "nn.Conv2d(1, 1, 9)",
            "nn.Conv2d(1, 1, 3, dilation=4)",
            "nn.Conv2d(3, 4, 3, groups=2)",
            "nn.Conv2d(1, 1, 3, stride=0)",
            "nn.Conv2d(1, 1, 3, padding=7, padding_mode='reflect')",
            "nn.Conv2d(1, 1, 3, padding=7, padding_mode='circular')",
            "nn.Conv2d(1, 1, 3, padding='same', stride=2)",
            "nn.MaxPool2d(3, padding=2)",
            "nn.MaxPool2d(9, stride=2, ceil_mode=True)",
            "nn.ConvTranspose2d(1, 1, 3, output_padding=1)",
            "nn.ConvTranspose2d(1, 1, 3, padding=8)",
            "nn.Conv2d(1, 1, (0, 3))",
            "nn.Conv2d(1, 1, 3, groups=0)",
            "nn.Conv2d(0, 1, 3)",
            "nn.Conv2d(1, 0, 3)",
            "nn.Conv2d(1, 1, 3, padding=-1)",
            "nn.Conv1d(1, 1, 9)",
            "nn.Sequential(nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(1, 1, 9))",
            "nn.Sequential(nn.ReflectionPad2d((9, 2, 0, 1)), nn.Conv2d(1, 1, 3))");
    for (String text : texts) {
      tab.fill("#input", text.contains("1d") ? "1x1x4" : "4x4");
      tab.fill("#layers", text);
      assertEquals("zh-CN", tab.getAttribute("#error", "lang"), tab.textContent("#error"));
      String said =
          tab.textContent("#error")
              .replaceAll(
                  "nn\\..*|[A-Z]\\w+\\([^：]*\\)|padding='same(_upper)?'|ONNX|TensorFlow|LazyConv2d|stride=1|in_channels=?|PyTorch|ZeroPad2d",
                  "");
      assertFalse(said.matches("(?s).*[a-z]{3}.*"), said);
    }
    tab.fill("#layers", "nn.Linnear(3, 4)");
    assertEquals("en", tab.getAttribute("#error", "lang"), "what stays English is marked");
    tab.close();
  }

  /** Sliders, formula and drawing are in sight together on a small notebook. */
  @Test
  void allIsInSightOnASmallNotebook() {
    Page tab =
        open.tab(new Browser.NewContextOptions().setLocale("en-US").setViewportSize(1366, 650), "");
    tab.fill("#layers", "nn.Conv2d(1, 1, 3, padding=1)");
    for (String id : List.of("#sliders", "#output-grid", "#input-grid", "#cell", "#formulas")) {
      var box = tab.locator(id).boundingBox();
      assertTrue(box.y >= 0 && box.y + box.height <= 650, id + " ends at " + (box.y + box.height));
    }
    tab.setViewportSize(390, 844);
    tab.waitForCondition(() -> tab.locator("#sliders").boundingBox().y > 700);
    assertTrue(tab.locator("#input-grid").boundingBox().y < 300, "the drawing comes first");
    tab.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8x8", "40x40"})
  void aLargeScreenIsUsed(String input) {
    Page tab =
        open.tab(
            new Browser.NewContextOptions().setLocale("en-US").setViewportSize(1920, 1080), "");
    tab.fill("#layers", "nn.Conv2d(1, 1, 3, padding=1)");
    tab.fill("#input", input);
    double side = Double.parseDouble(tab.getAttribute("#input-grid", "data-side"));
    assertTrue(side > 50 && side <= 72, "cells of " + side);
    tab.click("#projector");
    assertTrue(tab.locator("#output-grid").boundingBox().x > 700, "the room is the drawing's");
    tab.close();
  }
}
