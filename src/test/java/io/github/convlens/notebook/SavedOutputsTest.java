package io.github.convlens.notebook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** An output that is not what the cell gives is found, whatever kind it is of. */
class SavedOutputsTest {
  private static final Path FILE = Path.of("one.ipynb");
  private static final String REMEDY =
      "\nIf the new one is right, write it with mvn test -Pnotebooks and look at it.";
  private static final Output PICTURE =
      picture(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "dots");
  private static final List<Output> NOW =
      List.of(new Output.Printed("a\n"), new Output.Value("(8, 8)"));

  @Test
  void theSameIsAccepted() {
    assertDoesNotThrow(() -> check(NOW, NOW));
    assertDoesNotThrow(() -> check(List.of(PICTURE), List.of(PICTURE)));
    assertDoesNotThrow(() -> check(List.of(), List.of()));
  }

  @Test
  void anotherTextIsFound() {
    assertFound(
        with(0, new Output.Printed("b\n")),
        "gives another output.\nSaved: Printed[text=b\n]\nNow:   Printed[text=a\n]");
    assertFound(
        with(1, new Output.Value("(8, 9)")),
        "gives another output.\nSaved: Value[text=(8, 9)]\nNow:   Value[text=(8, 8)]");
    assertFound(
        with(1, new Output.Printed("(8, 8)")),
        "gives another output.\nSaved: Printed[text=(8, 8)]\nNow:   Value[text=(8, 8)]");
  }

  @Test
  void anErrorIsFound() {
    JsonObject error = new JsonObject();
    error.addProperty("output_type", "error");
    assertFound(
        with(1, Output.of(error)),
        "gives another output.\nSaved: {\"output_type\":\"error\"}\nNow:   Value[text=(8, 8)]");
  }

  @Test
  void oneTooManyAndOneTooFewAreFound() {
    List<Output> more = new ArrayList<>(NOW);
    more.add(PICTURE);
    assertFound(more, "has an output too many:\na picture of 40x30: dots");
    assertFound(NOW.subList(0, 1), "lacks an output:\nValue[text=(8, 8)]");
    assertFound(List.of(), "lacks an output:\nPrinted[text=a\n]");
  }

  @Test
  void anotherPictureIsFound() {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    image.setRGB(7, 3, 0x010000);
    assertEquals(
        "one.ipynb: cell 1 (only) gives another picture: the pixel in row 3, column 7 differs."
            + REMEDY,
        message(List.of(picture(image, "dots")), List.of(PICTURE)));
    assertEquals(
        "one.ipynb: cell 1 (only) gives another picture: the saved one cannot be read." + REMEDY,
        message(List.of(new Output.Picture("iVBORw0KGgo=", "dots", 20, 15)), List.of(PICTURE)));
    assertEquals(
        "one.ipynb: cell 1 (only) gives another picture: the saved one cannot be read." + REMEDY,
        message(List.of(new Output.Picture("?", "dots", 20, 15)), List.of(PICTURE)));
    assertEquals(
        "one.ipynb: cell 1 (only) gives another description.\nSaved: lines\nNow:   dots" + REMEDY,
        message(List.of(picture(image, "lines")), List.of(PICTURE)));
  }

  @Test
  void aCellOutOfTurnIsFound() {
    NotebookException e =
        assertThrows(
            NotebookException.class,
            () -> new SavedOutputs(Pictures.EXACT).check(notebook(NOW, 3), notebook(NOW, 1)));
    assertEquals(
        "one.ipynb: cell 1 (only) is numbered 3, but is the 1 that is run." + REMEDY,
        e.getMessage());
  }

  private static Output.Picture picture(BufferedImage image, String alt) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String png = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return new Output.Picture(png, alt, image.getWidth() / 2, image.getHeight() / 2);
  }

  private static List<Output> with(int index, Output other) {
    List<Output> outputs = new ArrayList<>(NOW);
    outputs.set(index, other);
    return outputs;
  }

  private static void assertFound(List<Output> saved, String message) {
    assertEquals("one.ipynb: cell 1 (only) " + message + REMEDY, message(saved, NOW));
  }

  private static String message(List<Output> saved, List<Output> now) {
    return assertThrows(NotebookException.class, () -> check(saved, now)).getMessage();
  }

  private static void check(List<Output> saved, List<Output> now) {
    new SavedOutputs(Pictures.EXACT).check(notebook(saved, 1), notebook(now, 1));
  }

  private static Notebook notebook(List<Output> outputs, int count) {
    JsonObject cell = new JsonObject();
    cell.addProperty("id", "only");
    cell.addProperty("cell_type", "code");
    cell.addProperty("source", "");
    cell.add("outputs", new JsonArray());
    return new Notebook(FILE, List.of(new Cell(1, cell).with(outputs, count)), new JsonObject());
  }
}
