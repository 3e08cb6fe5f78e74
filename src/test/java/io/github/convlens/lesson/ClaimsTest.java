package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.convlens.layer.Bias;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import io.github.convlens.lesson.LawsOfShrinking.Law;
import io.github.convlens.lesson.PaddingThatKeepsSize.End;
import io.github.convlens.lesson.ShrinkingSizes.After;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on each claim, and on the same claim with other numbers. */
class ClaimsTest {
  private static final String RIGHT = "RIGHT";
  private static final Conv2dSpec SKIPPING =
      Conv2dSpec.of(1, 1, Window2d.of(Size.square(2)).withStride(Size.square(3)));
  private static final Conv2dSpec KEEPING =
      Conv2dSpec.of(1, 1, Window2d.of(Size.square(3)).withPadding(Size.ONE));

  @Test
  void thereAreTwelveInOrder() {
    assertEquals(
        IntStream.rangeClosed(1, 12).boxed().toList(),
        Claims.all().stream().map(Claim::number).toList());
    assertEquals(4, Claims.of(4).number());
  }

  /** LESSON's table: claim 4 is wrong, 3 and 8 hold in part, and so do 11 and 12. */
  @Test
  void theNotesAreRightAndWrongWhereTheyAre() {
    String conditional = "RIGHT UNDER A CONDITION";
    assertEquals(
        List.of(
            RIGHT,
            RIGHT,
            conditional,
            "WRONG",
            RIGHT,
            RIGHT,
            RIGHT,
            conditional,
            RIGHT,
            RIGHT,
            conditional,
            conditional),
        Claims.all().stream().map(claim -> claim.check().verdict().word()).toList());
  }

  @ParameterizedTest
  @MethodSource
  void otherNumbersChangeTheVerdict(Claim claim, String verdict) {
    Verdict found = claim.check().verdict();
    assertEquals(verdict, found.word() + (found.reason().isEmpty() ? "" : ": " + found.reason()));
  }

  static Stream<Arguments> otherNumbersChangeTheVerdict() {
    return Stream.of(small(), middle(), large()).flatMap(stream -> stream);
  }

  private static Stream<Arguments> small() {
    return Stream.of(
        Arguments.of(
            new ShrinkingSizes(32, 5, List.of(new After(1, 28), new After(7, 5))),
            "WRONG: after layer 7 it is 4, not 5."),
        Arguments.of(
            new ShrinkingSizes(32, 5, List.of(new After(8, 1))),
            "WRONG: after layer 8 it is nothing, since the kernel no longer fits, not 1."),
        Arguments.of(new ShrinkingSizes(31, 3, List.of(new After(1, 29), new After(15, 1))), RIGHT),
        Arguments.of(
            new SizeWithoutStride(6, 0),
            "WRONG: n = 1, k = 1, p = 0: the formula gives 0, it is 1."),
        Arguments.of(new PaddingThatKeepsSize(9, 5, 7, 1, End.FRONT), RIGHT),
        Arguments.of(
            new PaddingThatKeepsSize(9, 5, 4, 1, End.BACK),
            "RIGHT UNDER A CONDITION: the size is kept wherever the halves go, and where they go is"
                + " a convention. As the notes have it: PyTorch padding='same'; TensorFlow SAME,"
                + " ONNX SAME_UPPER. With the larger half at the other end: ONNX SAME_LOWER."),
        Arguments.of(
            new PaddingThatKeepsSize(9, 5, 4, 2, End.FRONT),
            "WRONG: for k = 5 the size becomes 8, not 9."));
  }

  private static Stream<Arguments> middle() {
    return Stream.of(
        Arguments.of(new LayersToShrink(224, 5, 4, 55), RIGHT),
        Arguments.of(new LayersToShrink(224, 6, 4, 44), RIGHT),
        Arguments.of(
            new LayersToShrink(224, 5, 4, 44),
            "WRONG: it takes 55 layers. After 44 the size is 48. 44 layers would be right for 6x6"
                + " kernels."),
        Arguments.of(
            new LayersToShrink(224, 4, 4, 80),
            "WRONG: no number of layers gives 4. The kernel stops fitting before layer 80."),
        Arguments.of(new LawsOfShrinking(100, 3, 3, Law.LINEAR, Law.EXPONENTIAL), RIGHT),
        Arguments.of(
            new LawsOfShrinking(224, 5, 2, Law.EXPONENTIAL, Law.LINEAR),
            "WRONG: without stride it falls linearly, not exponentially; with stride 2 it falls"
                + " exponentially, not linearly."),
        Arguments.of(
            new LawsOfShrinking(224, 5, 1, Law.LINEAR, Law.EXPONENTIAL),
            "WRONG: with stride 1 it falls neither linearly nor exponentially, not"
                + " exponentially."),
        Arguments.of(
            new SizeWithStride(5, 2),
            "WRONG: n = 1, k = 1, p = 0, s = 1: the formula gives 2, it is 1."),
        Arguments.of(
            new StridesSpreadEvenly(224, 100, 4, 2, 7), "WRONG: at the end it is 14x14, not 7x7."),
        Arguments.of(new StridesSpreadEvenly(243, 50, 5, 3, 1), RIGHT),
        Arguments.of(new SameReceptiveField(3, 10, 5, List.of(5L)), RIGHT),
        Arguments.of(
            new SameReceptiveField(3, 9, 5, List.of(5L)),
            "WRONG: 9 layers of 3x3 see 19x19. With 5x5 5 see 21x21."),
        Arguments.of(
            new SameReceptiveField(3, 12, 5, List.of(5L, 6L)),
            "RIGHT UNDER A CONDITION: 12 layers of 3x3 see 25x25. With 5x5 5 see 21x21, 6 see 25x25:"
                + " it takes 6."));
  }

  private static Stream<Arguments> large() {
    return Stream.of(
        Arguments.of(
            new CheaperSmallKernels(3, 14, 5, 5),
            "WRONG: 126 multiply-adds are not fewer than 125."),
        Arguments.of(new CheaperSmallKernels(3, 3, 7, 1), RIGHT),
        Arguments.of(
            new LayersToSeeAll(224, 1, 5, 2),
            "WRONG: 1x1 layers see one pixel, however many there are."),
        Arguments.of(new LargerKernelFirst(List.of("alexnet"), List.of(11L), 3), RIGHT),
        Arguments.of(
            new LargerKernelFirst(List.of("vgg16", "lenet"), List.of(5L, 7L), 3),
            "WRONG: vgg16 starts with 3x3; lenet goes on with 3x3 in 0 of 1 convolutions."),
        Arguments.of(
            new LargerKernelFirst(List.of("alexnet", "vgg11"), List.of(3L, 11L), 5),
            "WRONG: alexnet goes on with 5x5 in 1 of 4 convolutions; vgg11 goes on with 5x5 in 0 of"
                + " 7 convolutions."),
        Arguments.of(new LostInformation(new Size(7, 10), List.of(SKIPPING), List.of()), RIGHT),
        Arguments.of(
            new LostInformation(new Size(7, 10), List.of(KEEPING), List.of()),
            "WRONG: Conv2d(1, 1, kernel_size=(3, 3), padding=(1, 1)) reads all and gives back as"
                + " many numbers."));
  }

  /** The numbers beside the verdicts, as the lesson has them. */
  @Test
  void theNumbersAreThoseOfTheLesson() {
    LayersToShrink fortyFour = new LayersToShrink(224, 5, 4, 44);
    assertEquals(55, fortyFour.needed().orElseThrow());
    assertEquals(48, fortyFour.sizeAfterClaimed().orElseThrow());
    assertEquals(6, fortyFour.kernelForClaim().orElseThrow());
    assertEquals(21, SameReceptiveField.field(3, 10));
    assertEquals(21, SameReceptiveField.field(5, 5));
    assertEquals(25, SameReceptiveField.field(5, 6));
    CheaperSmallKernels cost = new CheaperSmallKernels(3, 10, 5, 5);
    assertEquals(List.of(90L, 125L), List.of(cost.cost(), cost.otherCost()));
    assertEquals(112, new LayersToSeeAll(224, 3, 5, 2).layersWithoutStride().orElseThrow());
  }

  @Test
  void linesFitTheTerminal() {
    for (Claim claim : Claims.all()) {
      for (String line : claim.check().lines()) {
        assertTrue(line.length() <= 97, line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 13})
  void thereAreNoOthers(int number) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Claims.of(number));
    assertEquals("there is no claim " + number + ".\nUse a number from 1 to 12.", e.getMessage());
  }

  @ParameterizedTest
  @MethodSource
  void impossibleNumbersAreRejected(String message, Runnable claim) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, claim::run).getMessage());
  }

  static Stream<Arguments> impossibleNumbersAreRejected() {
    return Stream.of(
        rejected(
            "input must be from 1 to 10000.\nHere it is 0.", () -> new LayersToShrink(0, 5, 4, 44)),
        rejected(
            "a 1x1 kernel takes nothing off.\nHere kernel is 1.\nUse a kernel of 2 or more.",
            () -> new LayersToShrink(224, 1, 4, 44)),
        rejected("largest must be at most 20.\nHere it is 21.", () -> new SizeWithStride(21, 1)),
        rejected("largest must be at most 40.\nHere it is 41.", () -> new SizeWithoutStride(41, 1)),
        rejected(
            "of 4 layers not 5 can have a stride.\nUse 0 to 4.",
            () -> new StridesSpreadEvenly(224, 4, 5, 2, 7)),
        rejected(
            "both kernels must be odd, so that padding on both sides keeps the size.\n"
                + "Here they are 4 and 5.",
            () -> new CheaperSmallKernels(4, 10, 5, 5)),
        rejected(
            "padding_mode must be zeros.\nHere it is reflect.",
            () ->
                new LostInformation(
                    new Size(7, 10),
                    List.of(
                        new Conv2dSpec(1, 1, KEEPING.window(), 1, Bias.WITH, PaddingMode.REFLECT)),
                    List.of())),
        rejected(
            "padding must be a number, the same at both ends.\nHere it is 'same'.",
            () ->
                new LostInformation(
                    new Size(7, 10),
                    List.of(),
                    List.of(
                        new MaxPool2dSpec(
                            Window2d.of(Size.square(2))
                                .withPadding(io.github.convlens.layer.Padding.Automatic.SAME),
                            io.github.convlens.layer.Rounding.FLOOR)))));
  }

  private static Arguments rejected(String message, Runnable claim) {
    return Arguments.of(message, claim);
  }
}
