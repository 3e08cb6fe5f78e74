/** What a notebook's kernel shows of this library's values. */
@NullMarked
package io.github.convlens.notebook;

import org.jspecify.annotations.NullMarked;
