/**
 * PyTorch's notation and prints: text becomes a graph. Notation is exact; of a print, which does
 * not show {@code forward}, known classes run as their {@link io.github.convlens.notation.Recipes}
 * say, and what is assumed of others is a note. Well-known networks are {@link
 * io.github.convlens.notation.Presets}.
 */
@NullMarked
package io.github.convlens.notation;

import org.jspecify.annotations.NullMarked;
