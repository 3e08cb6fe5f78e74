/**
 * A page for the browser in which a window is moved by hand: one file with the arithmetic of {@code
 * layer}, {@code graph}, {@code notation}, {@code program}, {@code trace}, {@code plan} and {@code
 * code} in it, which the build compiles to JavaScript.
 */
@NullMarked
package io.github.convlens.page;

import org.jspecify.annotations.NullMarked;
