package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.github.convlens.notation.Presets;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page draws, and how it behaves to a reader, in a real browser. */
class PageLooksIT {
  @TempDir private static Path folder;

  /** The output's numbers, without those of its rows and columns. */
  private static final String NUMBERS = "#output-grid text:not(.axis):not(.corner)";

  private static final String VISIBLE_SHAPES =
      "[...document.querySelectorAll('svg *')].filter((e) => e.checkVisibility()).length";

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

  /** X = 0..8 as 3x3, K = [[0, 1], [2, 3]]: the lesson's first cross-correlation. */
  @Test
  void theLessonsNumbersStandInTheCells() {
    open.type("nn.Conv2d(1, 1, 2)", "3x3");
    page.press("#output-grid", "Home");
    assertEquals(List.of("19", "25", "37", "43"), texts(NUMBERS));
    assertEquals("Y[0, 0] = 0×0 + 1×1 + 3×2 + 4×3 = 19", page.textContent("#cell"));
    open.type("nn.MaxPool2d(2, stride=1)", "3x3");
    assertEquals(List.of("4", "5", "7", "8"), texts(NUMBERS));
    open.type("nn.AvgPool2d(2, stride=1)", "3x3");
    assertEquals(List.of("2", "3", "5", "6"), texts(NUMBERS));
    open.type("nn.Conv2d(1, 1, 2, padding=1)", "3x3");
    assertEquals(
        List.of(
            "0", "3", "8", "4", "9", "19", "25", "10", "21", "37", "43", "16", "6", "7", "8", "0"),
        texts(NUMBERS));
    open.type("nn.Conv2d(1, 1, 2, padding=1, stride=(3, 2))", "3x3");
    assertEquals(List.of("0", "8", "6", "8"), texts(NUMBERS));
  }

  /** The two-by-two example of d2l's section on transposed convolution, and PyTorch's answer. */
  @Test
  void aTransposedConvolutionSpreadsItsInput() {
    open.type("nn.ConvTranspose2d(1, 1, 2)", "2x2");
    assertEquals(List.of("0", "0", "1", "0", "4", "6", "4", "12", "9"), texts(NUMBERS));
    open.type("nn.ConvTranspose2d(1, 1, 2, stride=2)", "2x2");
    assertEquals(
        List.of("0", "0", "0", "1", "0", "0", "2", "3", "0", "2", "0", "3", "4", "6", "6", "9"),
        texts(NUMBERS));
  }

  private static List<String> texts(String selector) {
    return page.locator(selector).allTextContents();
  }

  /** The marked cells of the input, against a walk over the kernel's taps. */
  @ParameterizedTest
  @CsvSource({"3, 5, 3, 4, 0, 1, 1, 1", "3, 2, 1, 2, 1, 0, 2, 3", "4, 1, 2, 1, 2, 0, 1, 1"})
  void arrowKeysMoveTheWindowTapByTap(
      int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw) {
    open.type(
        "nn.Conv2d(1, 1, (%d, %d), stride=(%d, %d), padding=(%d, %d), dilation=(%d, %d))"
            .formatted(kh, kw, sh, sw, ph, pw, dh, dw),
        "8x9");
    int rows = (8 + 2 * ph - dh * (kh - 1) - 1) / sh + 1;
    int columns = (9 + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
    page.focus("#output-grid");
    page.keyboard().press("Home");
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        List<String> taps = new ArrayList<>();
        for (int a = 0; a < kh; a++) {
          for (int b = 0; b < kw; b++) {
            taps.add((row * sh - ph + a * dh) + "," + (column * sw - pw + b * dw));
          }
        }
        assertEquals(String.join(" ", taps), markedCells(ph, pw), row + ", " + column);
        page.keyboard().press("ArrowRight");
      }
      for (int column = 1; column < columns; column++) {
        page.keyboard().press("ArrowLeft");
      }
      page.keyboard().press("ArrowDown");
    }
  }

  /** The coordinates of the 8x9 input that are marked, read off the drawing. */
  private static String markedCells(int ph, int pw) {
    return (String)
        page.evaluate(
            """
            ([ph, pw]) => {
              const grid = document.getElementById('input-grid');
              const side = Number(grid.dataset.side);
              const cells = (from, length, padding) => Array.from(
                  { length: Math.round(length / side) }, (_, i) => Math.round(from / side) + i - padding);
              return [...grid.querySelectorAll('rect.tap')].flatMap((rect) => {
                const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => rect[name].baseVal.value);
                const columns = cells(x, width, pw);
                return cells(y, height, ph).flatMap((row) => columns.map((column) => [row, column]));
              }).sort((a, b) => a[0] - b[0] || a[1] - b[1]).join(' ');
            }
            """,
            List.of(ph, pw));
  }

  @Test
  void aClickAndTheSliderPinACell() {
    open.type("nn.Conv2d(1, 1, 3, padding=1)", "6x7");
    pointAt("#output-grid", 2, 4, 0, 0);
    page.mouse().down();
    page.mouse().up();
    assertTrue(
        page.textContent("#reads")
            .startsWith("Output [2, 4] reads rows 1 to 3 and columns 3 to 5"));
    page.fill("#step", "41");
    assertTrue(page.textContent("#reads").startsWith("Output [5, 6] "), page.textContent("#reads"));
    assertEquals("output row 5, column 6", page.getAttribute("#step", "aria-valuetext"));
  }

  /** Moves the mouse to the middle of a cell. */
  private static void pointAt(String grid, int row, int column, int firstRow, int firstColumn) {
    page.locator(grid).scrollIntoViewIfNeeded();
    double[] view = numbers(grid);
    var box = page.locator(grid).boundingBox();
    double scale = box.width / view[2];
    page.mouse()
        .move(
            box.x + ((column - firstColumn + 0.5) * view[4] - view[0]) * scale,
            box.y + ((row - firstRow + 0.5) * view[4] - view[1]) * scale);
  }

  /** A drawing's view box, and the side of its cells. */
  private static double[] numbers(String grid) {
    String text = page.getAttribute(grid, "viewBox") + " " + page.getAttribute(grid, "data-side");
    return java.util.Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void aChosenLayerOfANetworkShowsItsReceptiveField() {
    page.selectOption("#net", "lenet");
    page.click("#rows tbody tr:nth-child(6) button"); // the last pool
    assertTrue(page.textContent("#chosen").startsWith("Layer 5: AvgPool2d"), "the pool");
    page.focus("#output-grid");
    page.keyboard().press("Home");
    page.keyboard().press("ArrowRight");
    assertEquals(
        "Output [0, 1]: Receptive field on the 28x28 picture that goes in: rows -2 to 13 and columns"
            + " 2 to 17.",
        page.textContent("#field"));
  }

  @Test
  void aLinkBringsTheStateBack() {
    open.type("nn.Conv2d(3, 4, (3, 5), stride=(3, 4), groups=1)", "3x20x30");
    page.focus("#output-grid");
    page.keyboard().press("End");
    page.keyboard().press("ArrowUp");
    page.waitForCondition(() -> page.url().contains("cell=4%2C6"));
    String shape = page.textContent("#shape");
    String djl = page.textContent("#djl");
    String reads = page.textContent("#reads");
    String fragment = page.url().substring(page.url().indexOf('#'));
    Page other = open.tab(new Browser.NewContextOptions().setLocale("en-US"), fragment);
    assertEquals(shape, other.textContent("#shape"));
    assertEquals(djl, other.textContent("#djl"));
    assertEquals(reads, other.textContent("#reads"));
    other.close();
  }

  @Test
  void aForeignLinkIsReadAsFarAsItGoes() {
    String layers = URLEncoder.encode("</script><b>nn.ReLU()", StandardCharsets.UTF_8);
    Page other =
        open.tab(
            new Browser.NewContextOptions(), "#layers=" + layers + "&cell=-1,x&row=99&input=%");
    assertTrue(other.textContent("#error").startsWith("line 1, column 1: "), "a message");
    assertEquals(0, other.locator("#error b").count(), "text stays text");
    other.close();
  }

  @Test
  void speaksChineseToAChineseBrowser() {
    Page chinese = open.tab(new Browser.NewContextOptions().setLocale("zh-CN"), "");
    assertEquals("zh-CN", chinese.getAttribute("html", "lang"));
    assertEquals("结果", chinese.textContent("#answer-title"));
    assertEquals("[6, 6]", chinese.textContent("#shape"));
    chinese.click("#language");
    assertEquals("Answer", chinese.textContent("#answer-title"));
    chinese.close();
  }

  /** Both languages say the same things, and nothing is left unsaid. */
  @ParameterizedTest
  @ValueSource(strings = {"en-US", "zh-CN"})
  void nothingIsUndefined(String locale) {
    Page tab = open.tab(new Browser.NewContextOptions().setLocale(locale), "");
    for (String net : List.of("lenet", "resnet18")) {
      tab.selectOption("#net", net);
      String text = tab.innerText("body");
      assertTrue(!text.contains("undefined") && !text.contains("NaN"), text);
    }
    assertEquals(
        0,
        tab.evaluate(
            "[...document.querySelectorAll('[data-t]')].filter((e) => !e.textContent).length"));
    tab.close();
  }

  @ParameterizedTest
  @CsvSource({"1280, LIGHT", "1280, DARK", "390, LIGHT", "390, DARK"})
  void everyTextHasContrastAndNothingIsCutOff(int width, ColorScheme scheme) {
    Page tab =
        open.tab(
            new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 900), "");
    for (String layers :
        List.of("nn.Conv2d(1, 1, 3, padding=1)", "nn.Conv2d(1, 1, 9)", Presets.text("lenet"))) {
      tab.fill("#layers", layers);
      assertTrue(
          (int) tab.evaluate("document.documentElement.scrollWidth") <= width,
          "no sideways scroll");
      assertEquals(List.of(), tab.evaluate(Contrast.POOR_TEXTS), layers + " at " + width);
    }
    tab.close();
  }

  @Test
  void everyControlHasAName() {
    page.selectOption("#type", "ConvTranspose2d");
    Object unnamed =
        page.evaluate(
            """
            [...document.querySelectorAll('input, select, textarea, button, svg')].filter((e) =>
              e.checkVisibility() && !(e.ariaLabel || e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()))
              .map((e) => e.outerHTML)
            """);
    assertEquals(List.of(), unnamed);
  }

  @Test
  void copiesCode() {
    Page tab =
        open.tab(
            new Browser.NewContextOptions()
                .setPermissions(List.of("clipboard-read", "clipboard-write")),
            "");
    tab.click("[data-copy=djl]");
    tab.waitForCondition(() -> !tab.textContent("#copied").isEmpty());
    assertEquals(tab.textContent("#djl"), tab.evaluate("navigator.clipboard.readText()"));
    tab.close();
  }

  @Test
  void impossibleSettingsAreDrawnWithWhatIsMissing() {
    open.type("nn.Conv2d(1, 1, kernel_size=5, dilation=3, padding=1)", "8x9");
    assertTrue(page.isVisible("#error"), "the reason is shown");
    assertTrue(page.isVisible("#input-grid"), "the input is drawn");
    assertEquals(List.of("input X", "padding", "missing", "window"), texts("#legend span"));
    assertTrue(page.isHidden("#code"), "there is no code");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x224x320", "3x4096x4096", "1x3x100000x100000"})
  void largePicturesAreDrawnWithoutSingleCells(String input) {
    open.type("nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2)", input);
    assertTrue(page.textContent("#no-drawing").contains("those around the chosen one"), "says so");
    assertTrue((int) page.evaluate(VISIBLE_SHAPES) < 2000, "few shapes");
  }

  /** One mark for a window without holes, whatever its size. */
  @Test
  void aLargeWindowIsOneMark() {
    open.type("nn.AvgPool2d(224)", "224x224");
    assertEquals(1, page.locator("#input-grid rect.tap").count());
    open.type("nn.Conv2d(1, 1, 301)", "1000x1000");
    page.press("#output-grid", "ArrowRight");
    assertTrue((int) page.evaluate(VISIBLE_SHAPES) < 100, "few shapes");
    open.type("nn.Conv2d(1, 1, 200, dilation=2)", "1000x1000");
    assertEquals(1, page.locator("#input-grid rect.tap").count());
    assertEquals(
        0.25,
        Double.parseDouble(page.getAttribute("#input-grid rect.tap", "fill-opacity")),
        0.01,
        "a quarter of it is read");
  }

  /** A step of the window leaves the table as it is, focus included. */
  @Test
  void theTableStaysWhileTheWindowMoves() {
    page.selectOption("#net", "lenet");
    page.click("#rows tbody tr:nth-child(4) button");
    page.evaluate("document.querySelector('#rows tbody tr').dataset.mine = 'yes'");
    page.press("#output-grid", "ArrowRight");
    assertEquals("yes", page.getAttribute("#rows tbody tr", "data-mine"));
    assertEquals("true", page.getAttribute("#rows tbody tr:nth-child(4)", "aria-current"));
    assertEquals(1, page.locator("#rows [aria-current]").count());
  }

  @Test
  void aLongTableIsCutAndSaysSo() {
    open.type("Net(\n  (0-11999): 12000 x ReLU()\n)", "8x8");
    page.waitForCondition(() -> page.locator("#rows tbody tr").count() == 10_000);
    assertEquals(
        "The first 10,000 of 12,000 layers are shown; the total is that of all.",
        page.textContent("#more-rows"));
    open.type("nn.Conv2d(1, 1, 3)", "8x8");
    assertTrue(page.isHidden("#more-rows"), "nothing is cut");
  }

  /** Words that every object of JavaScript has are no languages. */
  @ParameterizedTest
  @ValueSource(strings = {"constructor", "__proto__", "toString", "hasOwnProperty", "fr", ""})
  void aLinkInNoLanguageOfOursSpeaksTheBrowsers(String language) {
    Page tab =
        open.tab(new Browser.NewContextOptions().setLocale("en-US"), "#language=" + language);
    assertEquals("Answer", tab.textContent("#answer-title"));
    assertEquals("[6, 6]", tab.textContent("#shape"));
    tab.close();
  }

  /** The page runs the one script that it was made with. */
  @Test
  void noOtherScriptRuns() {
    Page tab = open.tab(new Browser.NewContextOptions().setLocale("en-US"), "");
    tab.evaluate(
        """
        for (const text of ['window.ran = 1', 'document.title = 2']) {
          const script = document.createElement('script');
          script.textContent = text;
          document.body.append(script);
        }
        """);
    assertEquals("undefined", tab.evaluate("typeof window.ran"));
    assertEquals("ConvLens", tab.title());
    assertEquals(2, open.complaints().size(), "one for each: " + open.complaints());
    assertTrue(open.complaints().get(0).contains("Content Security Policy"), "the reason");
    open.complaints().clear();
    tab.close();
  }
}
