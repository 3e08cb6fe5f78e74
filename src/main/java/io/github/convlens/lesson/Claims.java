package io.github.convlens.lesson;

import io.github.convlens.language.Language;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The twelve claims of the notes with the notes' numbers, each checked when it is asked for. */
public final class Claims {
  /** More layers or pixels than this are no picture and no network. */
  private static final long MOST = 10_000;

  private static final List<Row> ALL =
      List.of(
          row(
              SizeClaims::shrinkingSizes,
              "input, kernel, layer, size, layer, size",
              32,
              5,
              1,
              28,
              7,
              4),
          row(SizeClaims::sizeWithoutStride, "what is added to n - k + p", 1),
          row(SizeClaims::paddingThatKeepsSize, "size, kernel, kernel, k - padding", 9, 5, 4, 1),
          row(SizeClaims::layersToShrink, "input, kernel, size, layers", 224, 5, 4, 44),
          row(SizeClaims::lawsOfShrinking, "input, kernel, stride", 224, 5, 2),
          row(SizeClaims::sizeWithStride, "strides that are added to n - k + p", 1),
          row(
              SizeClaims::stridesSpreadEvenly,
              "input, layers, strided, stride, size",
              224,
              100,
              5,
              2,
              7),
          row(
              StackClaims::sameReceptiveField,
              "kernel, layers, kernel, layers, or layers",
              3,
              10,
              5,
              5,
              6),
          row(StackClaims::cheaperSmallKernels, "kernel, layers, kernel, layers", 3, 10, 5, 5),
          row(StackClaims::layersToSeeAll, "input, kernel, strided, stride", 224, 3, 5, 2),
          row(LayerClaims::largerKernelFirst, "first kernel, or, or, other kernels", 5, 7, 11, 3),
          row(
              LayerClaims::lostInformation,
              "height, width, kernel, stride, padded kernel, pool",
              7,
              10,
              2,
              3,
              3,
              2));

  private Claims() {}

  /** The notes' numbers, what they are, and what checks a claim with such numbers. */
  private record Row(Check check, String names, List<Long> numbers) {}

  @FunctionalInterface
  private interface Check {
    Claim of(Language language, long[] numbers);
  }

  private static Row row(Check check, String names, long... numbers) {
    return new Row(check, names, LongStream.of(numbers).boxed().toList());
  }

  /** The claims in the notes' order, numbered from 1. */
  public static List<Claim> all() {
    return IntStream.rangeClosed(1, ALL.size()).mapToObj(Claims::of).toList();
  }

  /**
   * The claim of a number. {@code of(4)} is the one about 44 layers.
   *
   * @throws IllegalArgumentException if the notes have no claim of this number
   */
  public static Claim of(int number) {
    List<Long> numbers = row(number).numbers;
    return of(number, numbers.stream().mapToLong(each -> each).toArray());
  }

  /**
   * The same claim with other numbers. {@code of(4, 224, 6, 4, 44)} says that 44 layers of 6x6
   * bring 224 down to 4, and is right.
   *
   * @param numbers as many as the notes have, each from 1 to 10,000
   * @throws IllegalArgumentException if there is no such claim, or it cannot have these numbers
   */
  public static Claim of(int number, long... numbers) {
    Row row = row(number);
    boolean fits =
        numbers.length == row.numbers.size()
            && LongStream.of(numbers).allMatch(each -> each >= 1 && each <= MOST);
    if (!fits) {
      throw new IllegalArgumentException(
          ("claim " + number + " has " + row.numbers.size() + " numbers from 1 to " + MOST + ": ")
              + (row.names + ".\nHere they are " + LongStream.of(numbers).boxed().toList() + ".\n")
              + ("The notes have " + row.numbers + "."));
    }
    long[] copy = numbers.clone();
    return Claim.of(language -> row.check.of(language, copy));
  }

  private static Row row(int number) {
    if (number < 1 || number > ALL.size()) {
      throw new IllegalArgumentException(
          "there is no claim " + number + ".\nUse a number from 1 to " + ALL.size() + ".");
    }
    return ALL.get(number - 1);
  }
}
