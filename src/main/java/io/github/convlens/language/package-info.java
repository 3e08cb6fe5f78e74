/**
 * The languages that ConvLens speaks. The English text stands in the code and is the key; {@code
 * zh.tsv} has the Chinese for it, one line each.
 */
@NullMarked
package io.github.convlens.language;

import org.jspecify.annotations.NullMarked;
