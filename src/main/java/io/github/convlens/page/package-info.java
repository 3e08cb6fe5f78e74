/**
 * A page for the browser in which a window is moved by hand: one file with the arithmetic of {@code
 * layer}, {@code notation} and {@code trace} in it, which the build compiles to JavaScript.
 */
@NullMarked
package io.github.convlens.page;

import org.jspecify.annotations.NullMarked;
