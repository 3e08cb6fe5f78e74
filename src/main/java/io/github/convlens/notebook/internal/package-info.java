/** What a notebook's kernel shows of this library's values. */
@NullMarked
package io.github.convlens.notebook.internal;

import org.jspecify.annotations.NullMarked;
