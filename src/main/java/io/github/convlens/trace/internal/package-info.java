/**
 * Numbers and layers as texts, in the words of ConvLens's tables and pages. Not for users: it may
 * change with any version.
 */
@NullMarked
package io.github.convlens.trace.internal;

import org.jspecify.annotations.NullMarked;
