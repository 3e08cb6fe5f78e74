package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.Pt2File;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.internal.Texts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks, programs, comparisons, lessons and what is taken away, in a real browser. */
class PageNetworkIT {
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

  /** At 1280x800 the drawing of a chosen layer is in sight, without scrolling. */
  @Test
  void choosingALayerShowsItsWindowBesideTheTable() {
    page.setViewportSize(1280, 800);
    page.selectOption("#net", "resnet50");
    page.click("#rows tbody tr:nth-child(5)");
    for (String id : List.of("#chosen", "#field-grid", "#rows tr[aria-current=true]")) {
      BoundingBox box = page.locator(id).boundingBox();
      assertTrue(box.y >= 0 && box.y + box.height <= 800, id + " at " + box.y);
    }
    page.setViewportSize(1280, 1000);
  }

  /** On a phone the page goes to what was chosen. */
  @Test
  void onAPhoneTheChosenLayerIsBroughtIntoSight() {
    Page tab =
        open.tab(new Browser.NewContextOptions().setLocale("en-US").setViewportSize(390, 844), "");
    tab.selectOption("#net", "lenet");
    tab.click("#rows tbody tr:nth-child(6)");
    BoundingBox box = tab.locator("#chosen").boundingBox();
    assertTrue(box.y >= -1 && box.y < 800, "at " + box.y);
    tab.close();
  }

  @Test
  void fiveThousandLayersAreBuiltOnceAndFound() {
    open.type("Net(\n  (0): Conv2d(1, 1, 3, padding=1)\n  (1-4999): 4999 x ReLU()\n)", "8x8");
    page.waitForCondition(() -> page.locator("#rows tbody tr").count() == 5000);
    page.evaluate("document.querySelector('#rows tbody tr').dataset.mine = 'yes'");
    page.fill("#find", "4321");
    page.press("#find", "Enter");
    assertEquals("1 found", page.textContent("#found"));
    assertTrue(page.textContent("#chosen").startsWith("Layer 4321:"), page.textContent("#chosen"));
    page.press("#map-grid", "ArrowRight");
    assertEquals("yes", page.getAttribute("#rows tbody tr", "data-mine"));
    page.fill("#find", "");
    page.click("#tab-graph");
    page.click("#graph-fit");
    assertTrue(page.locator("#graph .unit").count() >= 5000, "each layer is there");
    page.click("#tab-table");
  }

  @Test
  void theGraphChoosesMovesAndGrows() {
    page.selectOption("#net", "resnet18");
    page.click("#tab-graph");
    page.click("#graph [data-row='4']");
    assertTrue(page.textContent("#chosen").startsWith("Layer layer1.0.conv1"), "by a click");
    page.press("#graph", "ArrowRight");
    assertTrue(page.textContent("#chosen").startsWith("Layer layer1.0.bn1"), "by a key");
    String whole = page.getAttribute("#graph", "viewBox");
    page.press("#graph", "+");
    assertFalse(whole.equals(page.getAttribute("#graph", "viewBox")), "it comes nearer");
    page.press("#graph", "0");
    assertEquals(whole, page.getAttribute("#graph", "viewBox"));
    page.click("#tab-curves");
    assertEquals(4, page.locator("#curve-list svg").count());
    page.click("#tab-table");
  }

  /** Any layer has a field, one without a window too: an addition of a ResNet. */
  @Test
  void whatALayerWithoutAWindowSees() {
    page.selectOption("#net", "resnet18");
    page.fill("#find", "add(");
    page.press("#find", "Enter");
    page.press("#map-grid", "ArrowDown");
    assertTrue(
        page.textContent("#chosen").startsWith("Layer layer1.0: add"), page.textContent("#chosen"));
    assertEquals(
        "Output [29, 28]: Receptive field on the 224x224 picture that goes in: rows 103 to 129 and"
            + " columns 99 to 125.",
        page.textContent("#field"));
    page.fill("#find", "");
  }

  private static Path program(String name) {
    try {
      return Path.of(
          PageNetworkIT.class.getResource("/io/github/convlens/oracles/programs/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** A file is read as by the command line: the same rows and totals. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "audio_conv1d",
        "crnn_lstm",
        "dcgan_generator",
        "densenet",
        "dynamic",
        "pixelshuffle_lrn",
        "se_reflect_prelu",
        "shared_weights",
        "two_outputs",
        "unet",
        "vit"
      })
  void aProgramIsReadAsByTheCommandLine(String name) throws IOException {
    Path file = program(name + ".pt2");
    Program program = Pt2File.read(file);
    Trace trace =
        Trace.of(
            Shapes.infer(ProgramGraph.of(program), ProgramInputs.own(program)),
            Convention.TORCHVISION);
    page.setInputFiles("#file", file);
    page.waitForCondition(() -> page.inputValue("#layers").equals(name + ".pt2"));
    String rows =
        trace.rows().stream()
            .map(
                row ->
                    String.join(
                        "|",
                        Printable.line(row.path()),
                        Texts.abbreviated(row),
                        ShapeText.listed(row.output()),
                        Texts.total(row.parameters()),
                        Texts.total(row.cost())))
            .collect(Collectors.joining("\n"));
    assertEquals(
        rows,
        page.evaluate(
            """
            [...document.querySelectorAll('#rows tbody tr')].map((row) =>
                [...row.cells].slice(0, 5).map((cell) => cell.textContent).join('|')).join('\\n')
            """));
    assertEquals(
        Texts.total(trace.totals().parameters()), page.textContent("#rows tfoot td:nth-child(4)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.pt2   | no zip          | 'a.pt2' is no zip archive, so torch.export.save did not write it.
          b.pt2   | PK\u0003\u0004  | 'b.pt2' is a zip archive that is cut off or damaged. Copy or download it again.
          """)
  void aFileThatIsNoneIsRefused(String name, String content, String message) {
    page.setInputFiles(
        "#file",
        new FilePayload(
            name,
            "",
            content.replace("\\u0003\\u0004", "\u0003\u0004").getBytes(StandardCharsets.UTF_8)));
    page.waitForCondition(() -> page.textContent("#file-note").equals(message));
  }

  /** Cut anywhere, a file is refused with a message and nothing is reported. */
  @Test
  void aCutProgramIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(program("shared_weights.pt2"));
    for (int part = 1; part < 8; part++) {
      String name = "cut" + part + ".pt2";
      byte[] cut = Arrays.copyOf(whole, whole.length * part / 8);
      page.setInputFiles("#file", new FilePayload(name, "", cut));
      page.waitForCondition(() -> page.textContent("#file-note").contains(name));
      assertTrue(page.textContent("#file-note").contains("cut off or damaged"), "said");
    }
  }

  @Test
  void aFileThatIsNotOpenIsAskedFor() {
    open.type("other.pt2", "");
    assertEquals(
        "the file 'other.pt2' is not open here.\nDrop it on this page, or choose it.",
        page.textContent("#error"));
  }

  @Test
  void twoSettingsStandSideBySide() {
    page.evaluate("document.getElementById('compare-open').open = true");
    page.selectOption("#ready", "resnets");
    assertEquals("[1, 1000]", page.textContent("#shape-0"));
    String parameters =
        (String)
            page.evaluate(
                "[...document.querySelectorAll('#facts tr')].find((r) =>"
                    + " r.textContent.startsWith('parameters')).textContent");
    assertEquals("parameters11,689,51225,557,032× 2.19", parameters);
    assertTrue(page.locator("#matched tr.differs").count() > 50, "layers that differ are marked");
    page.selectOption("#ready", "stride");
    assertEquals(
        List.of("576", "144"),
        page.locator("#facts tr:nth-child(5) td").allTextContents().subList(0, 2));
    page.fill("#layers-1", "nn.Conv2d(1, 1, 9, padding=0)");
    page.waitForCondition(() -> page.isVisible("#error-1"));
    assertTrue(page.textContent("#error-1").contains("the kernel does not fit"), "why");
    page.selectOption("#ready", "same");
    assertEquals(
        List.of(
            "the notes (d2l 7.3): 2 before, 1 after, output 8",
            "PyTorch padding='same': 1 before, 2 after, output 8",
            "TensorFlow SAME, ONNX SAME_UPPER: 1 before, 2 after, output 8",
            "ONNX SAME_LOWER: 2 before, 1 after, output 8"),
        page.locator("#same-rows p").allTextContents());
    page.waitForCondition(() -> page.url().contains("same=4%2C1%2C8"));
    page.evaluate("document.getElementById('compare-open').open = false");
  }

  /**
   * From the first lesson to the last by the button; each is possible, and speaks two languages.
   */
  @Test
  void lessonsLeadFromOneToTheNext() {
    List<String> shapes = new ArrayList<>();
    page.selectOption("#lesson", "0");
    for (int i = 0; ; i++) {
      assertEquals("", page.textContent("#error"));
      assertEquals((i + 1) + " of 14", page.textContent("#lesson-place"));
      shapes.add(page.textContent("#shape"));
      if (page.isDisabled("#lesson-next")) {
        break;
      }
      page.click("#lesson-next");
    }
    assertEquals(
        List.of(
            "[8, 8]",
            "[8, 8]",
            "[4, 4]",
            "[2, 2]",
            "[8, 8]",
            "[3, 3]",
            "[5, 5]",
            "[8, 8]",
            "[2, 4, 4]",
            "[4, 8, 8]",
            "[8, 8]",
            "[2, 2]",
            "[5, 5]",
            "[4, 4]"),
        shapes);
    assertTrue(page.textContent("#chosen").startsWith("Layer 43:"), "after 44 layers");
    page.waitForCondition(() -> page.url().contains("lesson=claim"));
    page.click("#language");
    assertTrue(page.textContent("#lesson-text").contains("55"), "in Chinese");
    page.click("#language");
    page.click("#lesson-close");
    Page tab = open.tab(new Browser.NewContextOptions().setLocale("en-US"), "#lesson=gridding");
    assertTrue(tab.textContent("#field").contains("it sees 49 of these 169"), "a link");
    tab.close();
  }

  @Test
  void aLessonGoesWithItsQuestion() {
    page.selectOption("#lesson", "2");
    page.click("#lesson-next");
    assertFalse(page.isChecked("#n-both"), "the axes differ");
    page.fill("#n-stride-height", "2");
    assertEquals(
        "nn.Conv2d(1, 1, kernel_size=(3, 5), stride=(2, 4), padding=(0, 1))",
        page.inputValue("#layers"));
    assertEquals(
        "The layers or the input are changed: they are no longer the lesson's.",
        page.textContent("#lesson-text"));
    page.click("#lesson-again");
    assertTrue(page.textContent("#lesson-text").startsWith("Height: floor((8 - 3) / 3)"));
    page.selectOption("#net", "resnet18");
    assertTrue(page.isHidden("#lesson-text"), "another question");
    page.goBack();
    page.waitForCondition(() -> page.isVisible("#lesson-text"));
    assertEquals("3", page.inputValue("#lesson"));
    for (int i = 0; i < 3; i++) {
      page.goBack();
    }
    page.waitForCondition(() -> page.inputValue("#lesson").equals("2"));
    assertTrue(page.isChecked("#n-both"), "the axes agree");
    page.click("#lesson-close");
  }

  @Test
  void aBlocksPathFindsItsAnswer() {
    page.selectOption("#net", "resnet18");
    page.fill("#find", "layer3");
    page.press("#find", "Enter");
    assertEquals("Layer layer3.1.relu: ReLU()", page.textContent("#chosen"));
    page.press("#map-grid", "End");
    assertTrue(page.textContent("#field").startsWith("Output [13, 13]:"), "the last");
    page.press("#map-grid", "Home");
    assertTrue(page.textContent("#field").startsWith("Output [0, 0]:"), "the first");
    page.fill("#find", "");
    page.waitForCondition(() -> page.textContent("#found").isEmpty());
    page.evaluate("document.querySelector('.code').scrollIntoView({block: 'center'})");
    var answer = page.locator(".answer").boundingBox();
    assertTrue(
        answer.y + answer.height <= page.locator(".code").boundingBox().y, "nothing is covered");
  }

  private static byte[] taken(String button) throws IOException {
    Download download = page.waitForDownload(() -> page.click(button));
    return Files.readAllBytes(download.path());
  }

  @Test
  void whatIsDrawnCanBeTaken() throws IOException {
    open.type("nn.Conv2d(1, 1, 3, stride=2, padding=1)", "5x5");
    var picture = ImageIO.read(new ByteArrayInputStream(taken("#take-png")));
    assertTrue(picture.getWidth() > 400, "a picture of " + picture.getWidth());
    String svg = new String(taken("#take-svg"), StandardCharsets.UTF_8);
    assertFalse(svg.contains("oklab") || svg.contains("gradient"), "colours of SVG 1.1");
    assertTrue(svg.startsWith("<svg") && !svg.contains("var(") && !svg.contains("class="), "whole");
    byte[] animation = taken("#take-steps");
    List<String> chunks = chunks(animation);
    assertEquals(9, chunks.stream().filter("fcTL"::equals).count(), "a frame for each step");
    assertEquals(List.of("IHDR", "acTL", "fcTL", "IDAT"), chunks.subList(0, 4));
    assertEquals("IEND", chunks.get(chunks.size() - 1));
    assertTrue(ImageIO.read(new ByteArrayInputStream(animation)) != null, "a PNG as well");
    page.selectOption("#net", "lenet");
    page.click("#tab-graph");
    page.focus("#take-what");
    page.selectOption("#take-what", "graph");
    String view = page.getAttribute("#graph", "viewBox");
    assertTrue(new String(taken("#take-svg"), StandardCharsets.UTF_8).contains("Conv2d"), "names");
    assertEquals(view, page.getAttribute("#graph", "viewBox"), "the view stays");
    page.click("#tab-table");
  }

  /** The names of a PNG's chunks, whose checksums are looked at. */
  private static List<String> chunks(byte[] png) {
    assertArrayEquals(
        new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, Arrays.copyOf(png, 8));
    List<String> names = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(png, 8, png.length - 8);
    while (bytes.hasRemaining()) {
      byte[] content = new byte[bytes.getInt() + 4];
      bytes.get(content);
      CRC32 crc = new CRC32();
      crc.update(content);
      assertEquals((int) crc.getValue(), bytes.getInt());
      names.add(new String(content, 0, 4, StandardCharsets.US_ASCII));
    }
    return names;
  }
}
