/** The languages that figures and lessons speak. */
@NullMarked
package io.github.convlens.language;

import org.jspecify.annotations.NullMarked;
