/**
 * What a notebook's kernel shows of this library's values; the kernel finds it by itself. Not for
 * users: it may change with any version.
 */
@NullMarked
package io.github.convlens.notebook.internal;

import org.jspecify.annotations.NullMarked;
