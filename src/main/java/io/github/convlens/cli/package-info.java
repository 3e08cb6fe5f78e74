/** The command line: one class for each command; nothing imports this package. */
@NullMarked
package io.github.convlens.cli;

import org.jspecify.annotations.NullMarked;
