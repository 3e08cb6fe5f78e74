package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.PictureTransform;
import io.github.convlens.engine.Pictures;
import io.github.convlens.engine.Precision;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The picture of {@code --image}.
 *
 * @param image the picture
 * @param transform what becomes of it
 */
record PictureInput(BufferedImage image, PictureTransform transform) {
  /** The axes of a batch of pictures. */
  private static final int AXES = 4;

  /** Reads the file; what is unusual about it becomes a note. */
  static PictureInput read(Path file, PictureTransform transform, PrintWriter err) {
    try {
      BufferedImage image = Pictures.read(file, note -> err.println("note: " + note));
      PictureInput picture = new PictureInput(image, transform);
      picture.made();
      return picture;
    } catch (IOException e) {
      throw new RequestException("option --image: " + e.getMessage());
    }
  }

  /** Whether its size follows from --resize and --crop; else it is scaled to the input. */
  boolean isSized() {
    return transform.resize().isPresent() || transform.crop().isPresent();
  }

  /** The size in which it is fed. */
  InputSize size() {
    return new InputSize(List.of(made().height(), made().width()));
  }

  /** The same, with the channels of an input that takes pictures. */
  InputSize size(Shape input) {
    Size made = made();
    return input.dimension() == AXES
        ? new InputSize(List.of(input.get(1), made.height(), made.width()))
        : size();
  }

  private Size made() {
    try {
      return transform.size(new Size(image.getHeight(), image.getWidth()));
    } catch (IllegalArgumentException e) {
      throw new RequestException("option --resize: " + e.getMessage(), e);
    }
  }

  /** Rejects inputs that one picture cannot be. */
  void check(Shape input) {
    if (input.dimension() != AXES) {
      throw new RequestException(
          "option --image: a picture is (1, channels, height, width), and the input is "
              + ShapeText.listed(input)
              + ". Give numbers of that shape with --input-file.");
    }
    if (input.get(0) != 1) {
      throw new RequestException(
          "option --image: one picture is a batch of 1, but the input is a batch of "
              + input.get(0)
              + ".");
    }
    if (input.get(1) != 1 && input.get(1) != 3) {
      throw new RequestException(
          "option --image: a picture has 1 channel (brightness) or 3 (red, green, blue), but the"
              + " first layer takes "
              + input.get(1)
              + ".");
    }
    try {
      transform.checkChannels(input.get(1));
    } catch (IllegalArgumentException e) {
      throw new RequestException("options --mean and --std: " + e.getMessage(), e);
    }
    Size wanted = wanted(input);
    if (isSized() && !made().equals(wanted)) {
      throw new RequestException(
          "options --resize and --crop make a picture of "
              + ShapeText.crossed(made())
              + ", and the input is "
              + ShapeText.crossed(wanted)
              + ". Use "
              + remedy(wanted)
              + ".");
    }
  }

  /** What keeps the picture's proportions: a little larger than is wanted, and then its middle. */
  private String remedy(Size wanted) {
    Size own = new Size(image.getHeight(), image.getWidth());
    boolean isCovered =
        transform
            .resize()
            .map(resize -> resize.of(own))
            .filter(size -> size.height() >= wanted.height() && size.width() >= wanted.width())
            .isPresent();
    long longer = Math.max(wanted.height(), wanted.width());
    String crop =
        "--crop " + (wanted.equals(Size.square(longer)) ? "" + longer : ShapeText.crossed(wanted));
    return isCovered ? crop : "--resize " + (longer + (longer + 6) / 7) + " " + crop;
  }

  private static Size wanted(Shape input) {
    return new Size(input.get(2), input.get(3));
  }

  /** Says so where it is scaled to fit the input. */
  void tellScaling(Shape input, PrintWriter err) {
    Size wanted = wanted(input);
    if (!isSized() && !made().equals(wanted)) {
      err.println("note: the picture is scaled to " + ShapeText.crossed(wanted) + ".");
    }
  }

  /** The picture as (1, channels, height, width). */
  NDArray array(NDManager manager, Precision precision, Shape input) {
    PictureTransform fitting =
        isSized()
            ? transform
            : new PictureTransform(
                Optional.of(new PictureTransform.Exactly(wanted(input))),
                Optional.empty(),
                transform.mean(),
                transform.deviation());
    return Pictures.array(manager, precision, image, input.get(1), fitting);
  }
}
