/**
 * Files that appear whole or not at all: the one way in which ConvLens writes. Not for users: it
 * may change with any version.
 */
@NullMarked
package io.github.convlens.file.internal;

import org.jspecify.annotations.NullMarked;
