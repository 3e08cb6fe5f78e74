/**
 * Pictures of what convolutions do: {@link io.github.convlens.figure.Figures} makes them, a {@link
 * io.github.convlens.figure.Figure} is shown as PNG or SVG.
 *
 * <p>A figure is a list of marks (boxes, lines, texts), each with a role: "read", "padding",
 * "output". Two canvases show the list, Java2D and SVG text, so both show the same. The texts are
 * measured with the fonts of this machine; on a machine without any, {@link
 * io.github.convlens.figure.NoFontsException} says what to install.
 */
@NullMarked
package io.github.convlens.figure;

import org.jspecify.annotations.NullMarked;
