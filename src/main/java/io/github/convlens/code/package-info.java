/** A network as Java text on DJL: {@link io.github.convlens.code.JavaCode}. */
@NullMarked
package io.github.convlens.code;

import org.jspecify.annotations.NullMarked;
