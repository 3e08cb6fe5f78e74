package io.github.convlens.lesson;

import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import java.util.List;

/** The twelve claims of the notes with the notes' numbers. */
public final class Claims {
  private static final List<Claim> ALL =
      List.of(
          new ShrinkingSizes(
              32, 5, List.of(new ShrinkingSizes.After(1, 28), new ShrinkingSizes.After(7, 4))),
          new SizeWithoutStride(12, 1),
          new PaddingThatKeepsSize(9, 5, 4, 1, PaddingThatKeepsSize.End.FRONT),
          new LayersToShrink(224, 5, 4, 44),
          new LawsOfShrinking(
              224, 5, 2, LawsOfShrinking.Law.LINEAR, LawsOfShrinking.Law.EXPONENTIAL),
          new SizeWithStride(12, 1),
          new StridesSpreadEvenly(224, 100, 5, 2, 7),
          new SameReceptiveField(3, 10, 5, List.of(5L, 6L)),
          new CheaperSmallKernels(3, 10, 5, 5),
          new LayersToSeeAll(224, 3, 5, 2),
          new LargerKernelFirst(List.of("alexnet", "resnet18", "vgg16"), List.of(5L, 7L, 11L), 3),
          new LostInformation(
              new Size(7, 10),
              List.of(
                  Conv2dSpec.of(1, 1, Window2d.of(Size.square(2)).withStride(Size.square(3))),
                  Conv2dSpec.of(1, 1, Window2d.of(Size.square(3)).withPadding(Size.ONE))),
              List.of(MaxPool2dSpec.of(Size.square(2)))));

  private Claims() {}

  /** The claims in the notes' order, numbered from 1. */
  public static List<Claim> all() {
    return ALL;
  }

  /**
   * The claim of a number. {@code of(4)} is the one about 44 layers.
   *
   * @throws IllegalArgumentException if the notes have no claim of this number
   */
  public static Claim of(int number) {
    if (number < 1 || number > ALL.size()) {
      throw new IllegalArgumentException(
          "there is no claim " + number + ".\nUse a number from 1 to " + ALL.size() + ".");
    }
    return ALL.get(number - 1);
  }
}
