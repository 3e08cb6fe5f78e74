/**
 * Exported programs, as {@code torch.export} makes them: read from a {@code .pt2} file with their
 * weights, or from the text that {@code print} shows of them, and turned into a graph. No engine.
 */
@NullMarked
package io.github.convlens.program;

import org.jspecify.annotations.NullMarked;
