package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code convlens draw} does to files; its messages are in {@code draw.golden}. */
class DrawCommandTest {
  @TempDir private Path folder;

  private record Answer(int exit, String out, String err) {}

  private static Answer run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        ConvLens.run(
            InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), words);
    return new Answer(exit, out.toString(), err.toString());
  }

  @Test
  void writesAPngThatJavaReads() throws IOException {
    Path file = folder.resolve("w.png");
    String[] words = {"draw", "--input", "8x8", "--kernel", "3", "--out", file.toString()};
    assertEquals(new Answer(0, "", ""), run(words));
    BufferedImage image = ImageIO.read(file.toFile());
    assertNotNull(image);
    assertTrue(image.getWidth() > 600, "it is drawn at 200 %");
    byte[] first = Files.readAllBytes(file);
    run(words);
    assertEquals(-1, Arrays.mismatch(first, Files.readAllBytes(file)), "same bytes");
    assertEquals(List.of("w.png"), names());
  }

  @Test
  void writesAPageThatOpensOnTheLayer() throws IOException {
    Path file = folder.resolve("w.html");
    String[] words = {"draw", "--input", "8x9", "--kernel", "3x5", "--at", "1,2", "--out", ""};
    words[words.length - 1] = file.toString();
    String note = "note: open " + file + " in a browser.\n";
    assertEquals(new Answer(0, "", note), normal(run(words)));
    String start =
        "{\"layers\":\"Conv2d(1, 1, kernel_size\\u003d(3, 5))\",\"input\":\"8x9\",\"cell\":[1,2]}";
    assertTrue(Files.readString(file).contains(">" + start + "<"), "what it shows at first");
    assertEquals(List.of("w.html"), names());
  }

  @Test
  void keepsTheOldFileWhereNothingCanBeDrawn() throws IOException {
    Path file = folder.resolve("w.svg");
    Files.writeString(file, "the old one");
    Answer answer = run("draw", "--input", "8x8", "--kernel", "9", "--out", file.toString());
    assertEquals(2, answer.exit());
    assertEquals("the old one", Files.readString(file));
    assertEquals(List.of("w.svg"), names());
  }

  @Test
  void refusesAFolderAsAFile() throws IOException {
    Path file = Files.createDirectory(folder.resolve("w.svg"));
    Answer answer = run("draw", "--input", "8x8", "--kernel", "3", "--out", file.toString());
    String message = "error: option --out: '" + file + "' is a folder. Use the name of a file.\n";
    assertEquals(new Answer(2, "", message), normal(answer));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhereItCannotWrite() {
    Answer answer = run("draw", "--input", "8x8", "--kernel", "3", "--out", "/proc/w.svg");
    assertEquals(
        new Answer(
            2,
            "",
            "error: option --out: '/proc/w.svg' cannot be written. Choose a folder that you may"
                + " write to.\n"),
        normal(answer));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhatToInstallWhereThereAreNoFonts() throws IOException, InterruptedException {
    // Hides the fonts from one process; not everyone may.
    assumeTrue(exitCode("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/usr/share/fonts") == 0);
    Path nothing = folder.resolve("fonts.conf");
    Files.writeString(
        nothing, "<?xml version=\"1.0\"?>\n<fontconfig><dir>/no/fonts</dir></fontconfig>\n");
    Path file = folder.resolve("w.svg");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String draw = "draw --input 8x8 --kernel 3 --out " + file;
    String script = "mount -t tmpfs none /usr/share/fonts && exec '" + java + "' -cp \"$CLASSES\" ";
    ProcessBuilder builder =
        new ProcessBuilder(
            "unshare", "-rm", "sh", "-c", script + ConvLens.class.getName() + " " + draw);
    builder.environment().put("CLASSES", System.getProperty("java.class.path"));
    builder.environment().put("FONTCONFIG_FILE", nothing.toString());
    builder.environment().put("XDG_CACHE_HOME", folder.toString());
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(
        "error: Java finds no fonts on this machine, and a figure has labels.\n"
            + "Install fontconfig and a font, such as Debian's packages fontconfig and"
            + " fonts-dejavu-core.\n",
        err);
    assertEquals(1, process.waitFor());
    assertTrue(Files.notExists(file), "no file");
  }

  private static int exitCode(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  /** The manual's figures have the marks and texts that its commands draw now. */
  @Test
  void theManualsFiguresAreUpToDate() throws IOException {
    String manual = Files.readString(Path.of("src/site/markdown/pictures.md")).replace("\\\n", " ");
    Matcher command =
        Pattern.compile("(?m)^convlens (draw .*--out )(\\S+\\.svg)(.*)$").matcher(manual);
    int figures = 0;
    while (command.find()) {
      String name = command.group(2);
      List<String> words = words(command.group(1) + folder.resolve(name) + command.group(3));
      assertEquals(0, run(words.toArray(String[]::new)).exit());
      Path shown = Path.of("examples", "figures", name);
      if (Boolean.getBoolean("convlens.figures.write")) {
        Files.copy(folder.resolve(name), shown, StandardCopyOption.REPLACE_EXISTING);
      }
      assertEquals(structure(folder.resolve(name)), structure(shown), name);
      assertTrue(manual.contains("](../../../examples/figures/" + name + ")"), name + " is shown");
      figures++;
    }
    assertEquals(2, figures);
  }

  /** Elements, classes and texts, without places, which follow the machine's fonts. */
  private static List<String> structure(Path svg) throws IOException {
    return Files.readString(svg)
        .lines()
        .map(line -> line.replaceAll(" (?!class)[\\w-]+=\"[^\"]*\"", ""))
        .toList();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return words;
  }

  private static Answer normal(Answer answer) {
    return new Answer(
        answer.exit(), answer.out(), answer.err().replace(System.lineSeparator(), "\n"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
