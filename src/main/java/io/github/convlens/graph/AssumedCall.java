package io.github.convlens.graph;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePoolSpec;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.CustomSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.MeanSpec;
import io.github.convlens.layer.Rounding;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Windows;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A function that a {@code forward} may call and a print does not show, in a word: {@code pool2} is
 * {@code max_pool2d(x, 2)}, {@code pool3s2p1} is {@code max_pool2d(x, 3, 2, 1)}. Its input decides
 * over how many axes it goes.
 *
 * @param function what it computes
 * @param numbers kernel, stride and padding of a pool, or its kernel alone; the output's size of an
 *     adaptive one
 */
record AssumedCall(Function function, List<Long> numbers) implements CustomSpec {
  /** The words, for messages. */
  static final String WORDS =
      "pool2 (max_pool2d(x, 2); pool3s2p1 has kernel 3, stride 2, padding 1), avg2, adaptive6, mean,"
          + " flatten";

  private static final int MOST_DIGITS = 9;

  /** What can be called. */
  enum Function {
    POOL("pool", 3),
    AVG("avg", 3),
    ADAPTIVE("adaptive", 1),
    MEAN("mean", 0),
    FLATTEN("flatten", 0);

    private final String word;
    private final int mostNumbers;

    Function(String word, int mostNumbers) {
      this.word = word;
      this.mostNumbers = mostNumbers;
    }
  }

  AssumedCall {
    numbers = List.copyOf(numbers);
  }

  /** The function with this word; empty if there is none. */
  static Optional<AssumedCall> of(String word) {
    return Arrays.stream(Function.values())
        .filter(function -> word.startsWith(function.word))
        .findFirst()
        .flatMap(
            function ->
                numbers(word.substring(function.word.length()))
                    .filter(numbers -> numbers.size() <= function.mostNumbers)
                    .filter(numbers -> numbers.isEmpty() == (function.mostNumbers == 0))
                    .map(numbers -> new AssumedCall(function, numbers)));
  }

  /** The numbers of {@code 3s2p1}: a padding stands behind a stride. */
  private static Optional<List<Long>> numbers(String text) {
    if (text.isEmpty()) {
      return Optional.of(List.of());
    }
    int s = text.indexOf('s');
    int p = s < 0 ? -1 : text.indexOf('p', s);
    String kernel = s < 0 ? text : text.substring(0, s);
    if (s < 0) {
      return whole(kernel).map(List::of);
    }
    Optional<Long> stride = whole(p < 0 ? text.substring(s + 1) : text.substring(s + 1, p));
    Optional<Long> padding = p < 0 ? Optional.of(0L) : whole(text.substring(p + 1));
    return whole(kernel).flatMap(k -> stride.flatMap(st -> padding.map(pa -> List.of(k, st, pa))));
  }

  private static Optional<Long> whole(String digits) {
    boolean isWhole =
        !digits.isEmpty()
            && digits.length() <= MOST_DIGITS
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return isWhole ? Optional.of(Long.parseLong(digits)) : Optional.empty();
  }

  @Override
  public String type() {
    return function.word;
  }

  @Override
  public Shape output(Shape input) {
    return resolve(input).output(input);
  }

  @Override
  public LayerSpec resolve(Shape input) {
    return over(Math.max(1, Math.min(3, input.dimension() - 2)));
  }

  /** The layer over so many axes. */
  LayerSpec over(int axes) {
    return switch (function) {
      case POOL -> new MaxPoolSpec(windows(axes), Rounding.FLOOR);
      case AVG ->
          new AvgPoolSpec(
              windows(axes), Rounding.FLOOR, AvgPoolSpec.Divisor.PADDED, OptionalLong.empty());
      case ADAPTIVE ->
          new AdaptivePoolSpec(
              AdaptivePoolSpec.Reduction.AVERAGE,
              Collections.nCopies(axes, OptionalLong.of(numbers.get(0))));
      case MEAN ->
          new MeanSpec(IntStream.range(2, 2 + axes).boxed().toList(), MeanSpec.Axes.DROPPED);
      case FLATTEN -> FlattenSpec.ALL;
    };
  }

  private Windows windows(int axes) {
    long kernel = numbers.get(0);
    boolean isBrief = numbers.size() == 1;
    long stride = isBrief ? kernel : numbers.get(1);
    long padding = isBrief ? 0 : numbers.get(2);
    return Windows.of(Size.all(axes, kernel))
        .withStride(Size.all(axes, stride))
        .withPadding(Size.all(axes, padding));
  }

  /** The word: {@code pool3s2p1}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(function.word);
    for (int i = 0; i < numbers.size(); i++) {
      boolean noPadding = i == 2 && numbers.get(2) == 0;
      text.append(noPadding ? "" : List.of("", "s", "p").get(i) + numbers.get(i));
    }
    return text.toString();
  }
}
