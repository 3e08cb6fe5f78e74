package io.github.convlens.page;

import io.github.convlens.layer.Axis;
import io.github.convlens.layer.LayerSpec;

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
    long taps = layer.taps().map(kernel -> kernel.on(axis)).orElse(0L);
    return layer
        .windows()
        .map(windows -> windows.on(axis, input))
        .map(window -> new Geometry(taps, window.padBefore(), window.padAfter()))
        .orElse(new Geometry(taps, 0, 0));
  }
}
