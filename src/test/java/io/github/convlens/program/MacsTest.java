package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of arrays: shapes, and half of what torch 2.13's FlopCounterMode counts. */
class MacsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "matmul | 3,4 4 | 3 | 0",
        "matmul | 2,3,4 4 | 2,3 | 0",
        "matmul | 4 4,5 | 5 | 20",
        "matmul | 4 2,4,5 | 2,5 | 40",
        "matmul | 2,3,4,5 5,6 | 2,3,4,6 | 720",
        "matmul | 3,4 2,4,5 | 2,3,5 | 120",
        "matmul | 2,1,3,4 5,4,6 | 2,5,3,6 | 720",
        "addmm | 5 3,4 4,5 | 3,5 | 60",
        "baddbmm | 2,3,5 2,3,4 2,4,5 | 2,3,5 | 120",
        "scaled_dot_product_attention | 2,3,5,4 2,3,7,4 2,3,7,6 | 2,3,5,6 | 2100",
        "linear | 2,3,4 5,4 | 2,3,5 | 120",
      })
  void productsAreCountedAsPyTorchDoes(String function, String shapes, String made, long macs) {
    check(
        new Given(call(function, Optional.empty()), shapes(shapes), Map.of(), Map.of()),
        made,
        macs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i,j->ij | 3 4 | 3,4 | 0",
        "ij,ij->ij | 3,4 3,4 | 3,4 | 0",
        "bij,bjk->bik | 2,3,4 2,4,5 | 2,3,5 | 120",
        "ij,kl->ik | 3,4 5,6 | 3,5 | 0",
        "ij,jk,kl->il | 3,4 4,5 5,6 | 3,6 | 150",
        "...ij,...jk->...ik | 2,3,4 2,4,5 | 2,3,5 | 120",
        "ij,j->i | 3,4 4 | 3 | 12",
        "bi,bi->b | 3,4 3,4 | 3 | 12",
        "ij->ji | 3,4 | 4,3 | 0",
        "ij,jk->ik | 3,1 4,5 | 3,5 | 0",
        "ij,jk | 3,4 4,5 | 3,5 | 60",
      })
  void einsumIsCountedAsPyTorchDoes(String equation, String shapes, String made, long macs) {
    Call call = call("einsum", Optional.of(equation));
    check(new Given(call, shapes(shapes), Map.of(), Map.of()), made, macs);
  }

  private static void check(Given given, String made, long macs) {
    List<Shape> outputs = ShapeRules.shapes(given).orElseThrow();
    assertEquals(shapes(made), outputs);
    assertEquals(macs, Macs.of(given, outputs));
  }

  private static Call call(String function, Optional<String> first) {
    List<Argument.Named> arguments = new ArrayList<>();
    first.ifPresent(
        text ->
            arguments.add(
                new Argument.Named(
                    "equation", new Argument.Text(text), Argument.Passing.BY_PLACE)));
    return new Call(
        function,
        "aten." + function + ".default",
        arguments,
        Call.Results.ONE,
        List.of(function),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Shape> shapes(String text) {
    return Arrays.stream(text.split(" "))
        .map(each -> new Shape(Arrays.stream(each.split(",")).mapToLong(Long::parseLong).toArray()))
        .toList();
  }
}
