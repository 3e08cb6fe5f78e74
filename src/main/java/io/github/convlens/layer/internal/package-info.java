/**
 * What ConvLens itself needs around sizes: checked arithmetic, and shapes and texts as they are
 * printed. Not for users: it may change with any version.
 */
@NullMarked
package io.github.convlens.layer.internal;

import org.jspecify.annotations.NullMarked;
