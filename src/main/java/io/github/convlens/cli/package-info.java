/**
 * The command line: one class for each command; nothing imports this package.
 *
 * <pre>{@code
 * PrintWriter out = new PrintWriter(System.out);
 * PrintWriter err = new PrintWriter(System.err);
 * int exitCode = ConvLens.run(System.in, out, err, "shape", "--input", "8x8", "MaxPool2d(2)");
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.cli;

import org.jspecify.annotations.NullMarked;
