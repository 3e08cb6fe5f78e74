/**
 * The languages that ConvLens speaks. The English text stands in the code and is the key; {@code
 * zh.tsv} has the Chinese for it, one line each.
 *
 * <pre>{@code
 * MaxPoolSpec pool = new MaxPoolSpec(Windows.of(Size.square(2)), Rounding.FLOOR);
 * Figure figure = Figures.steps(pool, new Shape(1, 1, 4, 4));
 * String chinese = figure.in(Language.CHINESE).svg();
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.language;

import org.jspecify.annotations.NullMarked;
