package io.github.convlens.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.notation.Presets;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kind of figure in Chinese: no English is left but PyTorch's. */
class ChineseFiguresTest {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]{2,}");
  private static final Map<String, Figure> FIGURES = figures();

  private static Map<String, Figure> figures() {
    Map<String, Figure> figures = new LinkedHashMap<>(Samples.all());
    figures.remove("six curves"); // their names are the caller's
    Shape large = new Shape(1, 3, 300, 301);
    figures.put("to scale", Figures.window(Samples.layer("Conv2d(3, 4, 40)"), large, 1, 2));
    figures.put(
        "hanging over",
        Figures.window(Samples.layer("MaxPool2d(2, ceil_mode=True)"), new Shape(1, 1, 5, 5), 2, 2));
    figures.put(
        "a window that would start behind the input",
        Figures.window(
            Samples.layer("MaxPool2d(2, stride=3, ceil_mode=True)"), new Shape(1, 1, 6, 6), 0, 0));
    figures.put(
        "bias alone",
        Figures.window(
            Samples.layer("ConvTranspose2d(1, 1, 2, stride=3, output_padding=2)"),
            new Shape(1, 1, 3, 3),
            2,
            2));
    figures.put(
        "all padding",
        Figures.receptiveField(
            Samples.trace("Conv2d(1, 1, 1, padding=2)", new Shape(1, 1, 4, 4)), 0, 0));
    figures.put(
        "a volume", Figures.stack(Samples.trace("Conv3d(1, 2, 3)", new Shape(1, 1, 8, 9, 10))));
    figures.put("a sequence", Figures.stack(Samples.trace("Conv1d(1, 2, 3)", new Shape(1, 1, 8))));
    figures.put(
        "sizes of a volume",
        Figures.sizes(Samples.trace("Conv3d(1, 2, 3)", new Shape(1, 1, 8, 9, 10))));
    figures.put(
        "compared networks",
        Figures.compare(Samples.preset("lenet"), Samples.preset("alexnet"), 0, 0));
    figures.put(
        "matrices with padding",
        Figures.matrices(Samples.layer("Conv2d(1, 1, 3, padding=1)"), new Shape(1, 1, 4, 4), 0, 0));
    List<Figure> film = Figures.film(Samples.layer("Conv2d(1, 1, 3)"), new Shape(1, 1, 20, 20));
    figures.put("the last frame", film.get(film.size() - 1));
    figures.put(
        "far",
        Figures.receptiveField(
            Samples.trace("Conv2d(1, 1, 3, dilation=50, padding=99)", new Shape(1, 1, 20, 20)),
            0,
            0));
    return figures;
  }

  /** PyTorch's words, those of formulas, and names that are the same in both languages. */
  private static Set<String> known() {
    Set<String> words =
        new TreeSet<>(
            List.of("floor", "ceil", "same", "MACs", "flops", "Debian", "fonts", "noto", "cjk"));
    words.addAll(List.of("PNG", "GIF", "SVG", "PyTorch", "TensorFlow", "SAME", "ONNX"));
    words.addAll(List.of("SAME_UPPER", "SAME_LOWER", "output_padding", "padding", "ConvTranspose"));
    for (String net : Presets.names()) {
      add(words, Samples.preset(net));
    }
    for (String layer : List.of("Conv1d(1, 2, 3)", "Conv3d(1, 2, 3)")) {
      WORD.matcher(layer).results().forEach(word -> words.add(word.group()));
    }
    FIGURES.keySet().stream()
        .filter(name -> name.startsWith("window, "))
        .flatMap(name -> WORD.matcher(name.substring(8)).results())
        .forEach(word -> words.add(word.group()));
    words.removeAll(List.of("on"));
    return words;
  }

  private static void add(Set<String> words, Trace trace) {
    String whole = trace.network().graph().tree().simpleType();
    WORD.matcher(whole).results().forEach(word -> words.add(word.group()));
    for (Row row : trace.rows()) {
      for (String text : List.of(row.path(), row.type(), row.notation())) {
        WORD.matcher(text).results().forEach(word -> words.add(word.group()));
      }
    }
    for (Trace.Block block : trace.blocks()) {
      WORD.matcher(block.type()).results().forEach(word -> words.add(word.group()));
    }
  }

  @Test
  void nothingIsEnglishButPyTorchsWords() {
    Set<String> known = known();
    FIGURES.forEach(
        (name, figure) -> {
          Drawing chinese = (Drawing) figure.in(Language.CHINESE);
          Stream<String> labels =
              chinese.marks().stream()
                  .filter(Mark.Label.class::isInstance)
                  .map(mark -> ((Mark.Label) mark).text())
                  .filter(text -> !text.contains("...")); // cut, maybe in a word
          Stream.concat(Stream.of(chinese.description(), chinese.title()), labels)
              .forEach(text -> check(name, text, known));
          chinese.notes().forEach(note -> check(name, note, known));
        });
  }

  private static void check(String name, String text, Set<String> known) {
    WORD.matcher(text)
        .results()
        .map(word -> word.group())
        .filter(word -> !known.contains(word))
        .findFirst()
        .ifPresent(
            word -> {
              throw new AssertionError(name + ": '" + word + "' in '" + text + "'");
            });
  }

  @Test
  void theNumbersAreTheSame() {
    FIGURES.forEach(
        (name, figure) ->
            assertEquals(
                numbers(figure.description()),
                numbers(figure.in(Language.CHINESE).description()),
                name));
  }

  private static List<String> numbers(String text) {
    return Pattern.compile("\\d+").matcher(text).results().map(n -> n.group()).sorted().toList();
  }

  @Test
  void andBackAgain() {
    for (String name : List.of("the last frame", "stack, lenet", "matrices", "bias alone")) {
      Figure figure = FIGURES.get(name);
      Figure chinese = figure.in(Language.CHINESE);
      assertFalse(chinese.svg().equals(figure.svg()) && !name.equals("matrices"), name);
      assertEquals(figure.svg(), chinese.in(Language.ENGLISH).svg(), name);
    }
  }

  @Test
  void theFramesOfAFilmAreOfOneSize() {
    List<Figure> film =
        Figures.film(Samples.layer("Conv2d(1, 1, 3, padding=1)"), new Shape(1, 1, 5, 5)).stream()
            .map(frame -> frame.in(Language.CHINESE))
            .toList();
    assertEquals(25, film.size());
    assertEquals(1, film.stream().map(Figure::width).distinct().count());
    assertEquals(1, film.stream().map(Figure::height).distinct().count());
  }

  @Test
  void chineseIsBrokenBetweenItsLetters() {
    String text = "没有窗口读取最后一行，（也没有窗口读取）最后一列。输出 (1, 1) 读取第 3 到 5 行";
    List<String> lines = Lettering.BODY.wrap(text, 100);
    assertTrue(lines.size() > 3, lines.toString());
    for (String line : lines) {
      assertTrue(Lettering.BODY.width(line) <= 100 + Lettering.BODY.size(), line);
      assertFalse("，。、）".contains(line.substring(0, 1)), line);
      assertFalse(line.endsWith("（"), line);
    }
    assertEquals(text.replace(" ", ""), String.join("", lines).replace(" ", ""), "nothing is lost");
    assertEquals(List.of("输", "出", "(1,"), Printable.pieces("输出(1,"));
  }
}
