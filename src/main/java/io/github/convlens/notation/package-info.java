/** PyTorch's notation and DJL's code: text becomes layers, layers become text. */
@NullMarked
package io.github.convlens.notation;

import org.jspecify.annotations.NullMarked;
