package io.github.convlens.page;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Taps;
import io.github.convlens.layer.Window;

/**
 * What is drawn of a window on one axis. A transposed convolution's padding cuts the output, so its
 * input has none.
 *
 * @param kernel taps
 * @param padBefore positions in front of the input
 * @param padAfter positions behind it
 */
record Geometry(long kernel, long padBefore, long padAfter) {
  /** The drawing of a layer with a window; nothing but the input for others. */
  static Geometry of(LayerSpec layer, Axis axis, long input) {
    if (layer instanceof ConvTranspose2dSpec transposed) {
      return new Geometry(transposed.kernel().on(axis), 0, 0);
    }
    return Taps.window(layer)
        .map(window -> of(window.on(axis, input)))
        .orElse(new Geometry(0, 0, 0));
  }

  private static Geometry of(Window window) {
    return new Geometry(window.kernel(), window.padBefore(), window.padAfter());
  }
}
