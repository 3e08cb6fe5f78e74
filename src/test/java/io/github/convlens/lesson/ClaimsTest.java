package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on each claim, and on the same claim with other numbers. */
class ClaimsTest {
  @Test
  void thereAreTwelveInOrder() {
    assertEquals(
        IntStream.rangeClosed(1, 12).boxed().toList(),
        Claims.all().stream().map(Claim::number).toList());
    assertEquals(
        List.of(9, 12),
        Claims.all().stream()
            .filter(claim -> claim.onEngine().isPresent())
            .map(Claim::number)
            .toList());
  }

  /** The lesson's table: claim 4 is wrong, 3 and 8 hold in part, and so do 11 and 12. */
  @Test
  void theNotesAreRightAndWrongWhereTheyAre() {
    String right = "RIGHT";
    String conditional = "RIGHT UNDER A CONDITION";
    assertEquals(
        List.of(
            right,
            right,
            conditional,
            "WRONG",
            right,
            right,
            right,
            conditional,
            right,
            right,
            conditional,
            conditional),
        Claims.all().stream().map(claim -> claim.verdict().word()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | 32 5 1 28 7 5 | WRONG: after layer 7 it is 4, not 5.
          1 | 32 5 1 28 8 1 | WRONG: after layer 8 it is nothing, since the kernel no longer fits, not 1.
          1 | 31 3 1 29 15 1 | RIGHT
          2 | 2 | WRONG: n = 1, k = 1, p = 0: the formula gives 2, it is 1.
          3 | 9 5 7 1 | RIGHT
          3 | 9 5 4 1 | RIGHT UNDER A CONDITION: the size is kept wherever the halves go, and where they go is a convention. As the notes have it: ONNX SAME_LOWER. With the larger half at the other end: PyTorch padding='same'; TensorFlow SAME, ONNX SAME_UPPER.
          3 | 9 5 4 2 | WRONG: for k = 5 the size becomes 8, not 9; for k = 4 the size becomes 8, not 9.
          4 | 224 5 4 55 | RIGHT
          4 | 224 6 4 44 | RIGHT
          4 | 224 5 4 44 | WRONG: it takes 55 layers. After 44 the size is 48. 44 layers would be right for 6x6 kernels.
          4 | 224 4 4 80 | WRONG: no number of layers gives 4. The kernel stops fitting before layer 80.
          5 | 100 3 3 | RIGHT
          5 | 224 1 2 | WRONG: without stride it does not fall linearly.
          5 | 224 5 1 | WRONG: with stride 1 it does not fall exponentially.
          6 | 2 | WRONG: n = 1, k = 1, p = 0, s = 1: the formula gives 2, it is 1.
          7 | 224 100 4 2 7 | WRONG: at the end it is 14x14, not 7x7.
          7 | 243 50 5 3 1 | RIGHT
          8 | 3 10 5 5 5 | RIGHT
          8 | 3 9 5 5 5 | WRONG: 9 layers of 3x3 see 19x19. With 5x5 5 see 21x21, 5 see 21x21.
          8 | 3 12 5 5 6 | RIGHT UNDER A CONDITION: 12 layers of 3x3 see 25x25. With 5x5 5 see 21x21, 6 see 25x25: it takes 6.
          9 | 3 14 5 5 | WRONG: 126 multiply-adds are not fewer than 125.
          9 | 3 3 7 1 | RIGHT
          10 | 224 1 5 2 | WRONG: 1x1 layers see one pixel, however many there are.
          11 | 3 7 11 3 | RIGHT
          11 | 3 7 11 5 | WRONG: alexnet goes on with 5x5 in 1 of 4 convolutions; resnet18 goes on with 5x5 in 0 of 19 convolutions; vgg16 goes on with 5x5 in 0 of 12 convolutions.
          11 | 5 6 9 3 | WRONG: alexnet starts with 11x11; resnet18 starts with 7x7; vgg16 starts with 3x3.
          12 | 7 10 2 3 2 2 | RIGHT
          12 | 7 10 1 1 3 1 | WRONG: Conv2d(1, 1, kernel_size=(1, 1)) and Conv2d(1, 1, kernel_size=(3, 3), padding=(1, 1)) and MaxPool2d(kernel_size=1) reads all and gives back as many numbers.
          """)
  void otherNumbersChangeTheVerdict(int number, String numbers, String verdict) {
    assertEquals(verdict, claim(number, numbers).verdict().toString());
  }

  private static Claim claim(int number, String numbers) {
    return Claims.of(
        number, Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  /** The numbers stand in what the notes say, too. */
  @Test
  void theStatementHasTheNumbers() {
    assertEquals(
        "A picture of 268x268 under 7x7 kernels without padding needs 44 layers to come down to"
            + " 4x4.",
        Claims.of(4, 268, 7, 4, 44).statement());
    assertEquals(
        "With stride s the size is floor((n - k + p + 2s) / s), p being the total padding; with p ="
            + " k - 1 that is floor((n + 2s - 1) / s), and n / s where s divides n.",
        Claims.of(6, 2).statement());
  }

  @Test
  void linesFitTheTerminal() {
    for (Claim claim : Claims.all()) {
      for (String line : claim.lines()) {
        assertTrue(line.length() <= 97, line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 13})
  void thereAreNoOthers(int number) {
    assertEquals(
        "there is no claim " + number + ".\nUse a number from 1 to 12.",
        refused(() -> Claims.of(number)));
  }

  @Test
  void impossibleNumbersAreRejected() {
    assertEquals(
        "claim 4 has 4 numbers from 1 to 10000: input, kernel, size, layers.\n"
            + "Here they are [0, 5, 4, 44].\nThe notes have [224, 5, 4, 44].",
        refused(() -> Claims.of(4, 0, 5, 4, 44)));
    assertEquals(
        "claim 2 has 1 numbers from 1 to 10000: what is added to n - k + p.\n"
            + "Here they are [1, 2].\nThe notes have [1].",
        refused(() -> Claims.of(2, 1, 2)));
    assertEquals(
        "a 1x1 kernel takes nothing off.\nHere kernel is 1.\nUse a kernel of 2 or more.",
        refused(() -> Claims.of(4, 224, 1, 4, 44)));
    assertEquals(
        "the layers with a stride must be from 0 to 4.\nHere it is 5.\nUse the layers with a stride"
            + " 4.",
        refused(() -> Claims.of(7, 224, 4, 5, 2, 7)));
    assertEquals(
        "both kernels must be odd, so that padding on both sides keeps the size.\n"
            + "Here they are 4 and 5.",
        refused(() -> Claims.of(9, 4, 10, 5, 5)));
  }

  private static String refused(Runnable claim) {
    return assertThrows(IllegalArgumentException.class, claim::run).getMessage();
  }
}
