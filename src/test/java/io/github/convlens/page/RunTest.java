package io.github.convlens.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Taps;
import io.github.convlens.notation.NotationException;
import io.github.convlens.notation.PyTorch;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The closed form of a window's taps against the walk over every tap. */
class RunTest {
  @Test
  void hasTheTapsOfTheWalk() {
    Random random = new Random(8);
    int compared = 0;
    while (compared < 3000) {
      String type = random.nextBoolean() ? "Conv2d" : "ConvTranspose2d";
      String notation =
          "nn.%s(1, 1, %d, stride=%d, padding=%d, dilation=%d)"
              .formatted(
                  type,
                  1 + random.nextInt(9),
                  1 + random.nextInt(7),
                  random.nextInt(5),
                  1 + random.nextInt(6));
      Shape input = new Shape(1, 1, 1 + random.nextInt(12), 3);
      try {
        LayerSpec layer = PyTorch.parse(notation).layer();
        long outputs = Axis.HEIGHT.of(layer.output(input));
        Taps walk = Taps.of(layer, Axis.HEIGHT, input).orElseThrow();
        Run.Finder closed = Run.of(layer, Axis.HEIGHT, input.get(2)).orElseThrow();
        for (long output = 0; output < outputs; output++) {
          assertEquals(
              walk.at(output).toList(),
              closed.at(output).taps(),
              notation + " on " + input + ", output " + output);
          compared++;
        }
      } catch (ShapeException | NotationException e) {
        // the layer does not fit
      }
    }
  }
}
