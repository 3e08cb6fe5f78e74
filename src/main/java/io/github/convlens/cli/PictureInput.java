package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Pictures;
import io.github.convlens.engine.Precision;
import io.github.convlens.layer.Size;
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
 */
record PictureInput(BufferedImage image) {
  /** Reads the file; what is unusual about it becomes a note. */
  static PictureInput read(Path file, PrintWriter err) {
    try {
      return new PictureInput(Pictures.read(file, note -> err.println("note: " + note)));
    } catch (IOException e) {
      throw new RequestException("option --image: " + e.getMessage());
    }
  }

  /** The picture's own size. */
  InputSize size() {
    return new InputSize(List.of((long) image.getHeight(), (long) image.getWidth()));
  }

  /** Rejects inputs that one picture cannot be. */
  void check(Shape input) {
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
  }

  /** The picture as (1, channels, height, width), scaled to that size. */
  NDArray array(NDManager manager, Precision precision, Shape input) {
    Size size = new Size(input.get(2), input.get(3));
    return Pictures.array(manager, precision, image, input.get(1), Optional.of(size));
  }
}
