/** Files that appear whole or not at all: the one way in which ConvLens writes. */
@NullMarked
package io.github.convlens.file.internal;

import org.jspecify.annotations.NullMarked;
