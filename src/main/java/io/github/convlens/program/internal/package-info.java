/**
 * What the axes of a program's inputs are called. Not for users: it may change with any version.
 */
@NullMarked
package io.github.convlens.program.internal;

import org.jspecify.annotations.NullMarked;
