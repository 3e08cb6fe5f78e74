/**
 * A page for the browser in which a window is moved by hand: one file with the arithmetic of {@code
 * layer}, {@code graph}, {@code notation}, {@code program}, {@code trace}, {@code plan} and {@code
 * code} in it, which the build compiles to JavaScript.
 *
 * <pre>{@code
 * Page.Start start = new Page.Start("Conv2d(1, 1, 3)", "8x8", 0, 0);
 * Files.writeString(Path.of("conv.html"), Page.html(start, "0.1.0"));
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.page;

import org.jspecify.annotations.NullMarked;
