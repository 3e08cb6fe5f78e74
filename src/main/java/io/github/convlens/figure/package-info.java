/**
 * Pictures of what convolutions do: {@link io.github.convlens.figure.Figures} makes them, a {@link
 * io.github.convlens.figure.Figure} is shown as PNG or SVG.
 *
 * <p>A figure is a list of marks (boxes, lines, texts), each with a role: "read", "padding",
 * "output". Two canvases show the list, Java2D and SVG text, so both show the same. The texts are
 * measured with the fonts of this machine; on a machine without any, {@link
 * io.github.convlens.figure.NoFontsException} says what to install.
 *
 * <pre>{@code
 * Trace trace =
 *     Trace.of(PyTorch.parse(Presets.text("lenet")), new Shape(1, 1, 28, 28), Convention.TORCHVISION);
 * Figure stack = Figures.stack(trace);
 * Files.writeString(Path.of("lenet.svg"), stack.svg());
 * ImageIO.write(stack.image(), "png", new File("lenet.png"));
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.figure;

import org.jspecify.annotations.NullMarked;
