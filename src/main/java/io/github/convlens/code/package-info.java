/**
 * A network as Java text on DJL: {@link io.github.convlens.code.JavaCode}.
 *
 * <pre>{@code
 * Graph network = PyTorch.parse("Conv2d(1, 6, 5), ReLU(), Flatten(), Linear(3456, 10)");
 * Shaped shaped = Shapes.infer(network, new Shape(1, 1, 28, 28));
 * String source = JavaCode.of(shaped, JavaCode.Options.DEFAULT);
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.code;

import org.jspecify.annotations.NullMarked;
