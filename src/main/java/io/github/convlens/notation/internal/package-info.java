/** The name that was probably meant. Not for users: it may change with any version. */
@NullMarked
package io.github.convlens.notation.internal;

import org.jspecify.annotations.NullMarked;
