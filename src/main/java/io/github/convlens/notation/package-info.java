/**
 * PyTorch's notation and prints: text becomes a graph. Notation is exact; of a print, which does
 * not show {@code forward}, known classes run as their {@link io.github.convlens.notation.Recipes}
 * say, and what is assumed of others is a note. Well-known networks are {@link
 * io.github.convlens.notation.Presets}.
 *
 * <pre>{@code
 * Graph layers = PyTorch.parse("nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU()");
 * Graph lenet = PyTorch.parse(Presets.text("lenet"));
 * Shape input = InputSize.parse("3x224x224").shapeFor(layers); // (1, 3, 224, 224)
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.notation;

import org.jspecify.annotations.NullMarked;
