package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks and questions in every encoding that has a mark; what is no text is named. */
class TextFileTest {
  private static final String EXPORT =
      "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\").\n";

  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final String NET = "# 网络\nnn.MaxPool2d((2, 3))\r\n";
  private static final String QUESTIONS = "8x9\tnn.MaxPool2d(2)\r\n3x7x5\tnn.Conv2d(3, 4, 2)\r\n";
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(InputStream in, String... words) {
    return ConvLens.run(in, new PrintWriter(out), new PrintWriter(err), words);
  }

  /** The exit code for a network in a file, and the same answers for it on standard input. */
  private int net(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("net"), bytes);
    int exitCode =
        run(InputStream.nullInputStream(), "shape", "--input", "8x9", "--net", "" + file);
    String said = err.toString().replace("'" + file + "'", "standard input");
    err.getBuffer().setLength(0); // the same is said about standard input
    assertEquals(exitCode, run(new ByteArrayInputStream(bytes), "shape", "--input", "8x9", "-"));
    assertEquals(said, err.toString());
    return exitCode;
  }

  private int batch(byte[] bytes) {
    return run(new ByteArrayInputStream(bytes), "shape", "--batch", "-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void aMarkTellsTheEncoding(String charset) throws IOException {
    assertEquals(0, net(("\uFEFF" + NET).getBytes(Charset.forName(charset))));
    assertEquals(0, batch(("\uFEFF" + QUESTIONS).getBytes(Charset.forName(charset))));
    String answer = "[4, 3]\n";
    assertEquals(answer + answer + "[4, 4]\n[4, 6, 4]\n", out.toString());
    assertEquals("", err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void wideTextWithoutAMarkIsNamed(String charset) throws IOException {
    assertEquals(2, net("nn.MaxPool2d(2)\n".getBytes(Charset.forName(charset))));
    assertEquals(
        "error: standard input is text in UTF-16 without the mark that says so.\n"
            + "Save it as UTF-8; in PowerShell: | Out-File -Encoding utf8.\n",
        err.toString());
  }

  @Test
  void anotherEncodingIsNamed() throws IOException {
    assertEquals(2, net("Né(\n)".getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(
        "error: standard input is not text in UTF-8.\n"
            + "Save it as UTF-8; in PowerShell: | Out-File -Encoding utf8.\n",
        err.toString());
  }

  @Test
  void archivesAreNamed() throws IOException {
    assertEquals(2, net(gzip()));
    assertEquals(
        "error: standard input is a gzip archive, not text.\nUnpack it, and give the text in it.\n",
        err.toString());
  }

  @Test
  void modelsWithTheirWeightsAreNamed() throws IOException {
    assertEquals(2, batch(zip()));
    String zip =
        "standard input is a zip archive, as torch.save and torch.export write, not text.\n"
            + "Give an exported program as a file, --net model.pt2; of another model the text of"
            + " print(model).\n";
    assertEquals("error: option --batch: " + zip, err.toString());
    err.getBuffer().setLength(0);
    assertEquals(2, model(zip()));
    assertEquals(
        "error: FILE is an archive that torch.save writes: weights, or a model of Python's, without"
            + " what forward does.\nLoad it into its model, and export that: "
            + EXPORT,
        err.toString());
    err.getBuffer().setLength(0);
    assertEquals(2, model("\u0080\2}q\0".getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(
        "error: FILE is a pickle of Python's, as torch.save wrote it before PyTorch 1.6: weights,"
            + " without what forward does.\nLoad it into its model, and export that: "
            + EXPORT,
        err.toString());
  }

  /** Models are read from files alone. */
  private int model(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("model"), bytes);
    int exitCode = run(InputStream.nullInputStream(), "shape", "--net", "" + file);
    String said = err.toString().replace("'" + file + "'", "FILE");
    err.getBuffer().setLength(0);
    err.append(said);
    return exitCode;
  }

  private static byte[] gzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(NET.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
    }
    return bytes.toByteArray();
  }

  /** By their first bytes, as Latin-1. */
  @ParameterizedTest
  @CsvSource({
    "'\u007fELF\2\1\1\0', a program or a library (ELF)",
    "'\u0089PNG\r\n\u001a\n', a PNG picture",
    "'\u00ff\u00d8\u00ff\u00e0', a JPEG picture",
    "'GIF89a', a GIF picture",
    "'%PDF-1.7', a PDF document",
    "'\u0089HDF\r\n\u001a\n', 'an HDF5 file, as Keras writes'",
    "'\u00ca\u00fe\u00ba\u00be\0\0', a Java class",
    "'\u00fd7zXZ\0', an xz archive",
    "'\u0028\u00b5\u002f\u00fd', a Zstandard archive",
    "'BZh91AY&SY', a bzip2 archive"
  })
  void whatIsNoTextIsNamed(String head, String name) throws IOException {
    assertEquals(2, net(head.getBytes(StandardCharsets.ISO_8859_1)));
    assertTrue(
        err.toString().startsWith("error: standard input is " + name + ", not text.\n"),
        err.toString());
    assertEquals("", out.toString());
  }

  /** Such as the 8 bytes of length in front of a .safetensors file. */
  @Test
  void otherBytesAreNoText() throws IOException {
    assertEquals(2, net("\u0040\0\0\0\0\0\0\0{\"a\": 1}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        "error: standard input is not text: it holds bytes of zero.\n"
            + "Give layers in PyTorch's notation, or the text of print(model).\n",
        err.toString());
  }

  /** As many answers as lines that {@code wc -l} counts. */
  @Test
  void aCarriageReturnAloneEndsNoLine() {
    assertEquals(0, batch("8x9\tMaxPool2d(\r2)\r\n8x9\tReLU()\n8x8\tReLU()".getBytes(UTF_8)));
    assertEquals("[4, 4]\n[8, 9]\n[8, 8]\n", out.toString());
  }

  @Test
  void lastLinesThatAreEmptyCount() {
    assertEquals(2, batch("8x9\tReLU()\n\n\r\n".getBytes(UTF_8)));
    String empty = "error: the line is empty. Delete it, or write INPUT<TAB>LAYERS.\n";
    assertEquals("[8, 9]\n" + empty + empty, out.toString());
  }

  /** Longer than the buffer, and across its end. */
  @Test
  void longLinesAreLines() {
    String line = "8x9\t" + "ReLU(), ".repeat(20_000) + "\n";
    assertEquals(0, batch((line + "8x8\tReLU()\n" + line).getBytes(UTF_8)));
    assertEquals("[8, 9]\n[8, 8]\n[8, 9]\n", out.toString());
  }

  @Test
  void aLineHasALimit() {
    InputStream endless =
        new InputStream() {
          private int count;

          @Override
          public int read() {
            return "8x8\tReLU()\n".length() > count ? "8x8\tReLU()\n".charAt(count++) : ' ';
          }
        };
    assertEquals(2, run(endless, "shape", "--batch", "-"));
    assertEquals("[8, 8]\n", out.toString());
    assertEquals(
        "error: option --batch: standard input, line 2: it is longer than 16 MiB."
            + " Give one network.\n",
        err.toString());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceIsNoText() {
    assertEquals(2, run(InputStream.nullInputStream(), "shape", "--batch", "/dev/zero"));
    assertEquals(
        "error: option --batch: '/dev/zero' is not text: it holds bytes of zero.\n"
            + "Give layers in PyTorch's notation, or the text of print(model).\n",
        err.toString());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatCannotBeReadIsTheMachinesFault() {
    InputStream none = InputStream.nullInputStream();
    assertEquals(1, run(none, "shape", "--input", "8x8", "--net", "/proc/self/mem"));
    assertEquals(1, run(none, "shape", "--batch", "/proc/self/mem"));
    String rest =
        "'/proc/self/mem' cannot be read: Input/output error.\n"
            + "Check its disk, or give a copy of the text.\n";
    assertEquals("error: " + rest + "error: option --batch: " + rest, err.toString());
  }
}
