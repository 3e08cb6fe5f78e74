package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.Verification.Check;
import io.github.convlens.program.Call;
import io.github.convlens.program.CallLayer;
import io.github.convlens.program.Program;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong number in what a call makes is found in that call's row, whatever the call is. */
class ProgramFaultsTest {
  private static NDManager manager;

  @BeforeAll
  static void start() {
    PyTorchEngine.start(progress -> {});
    manager = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME);
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  static List<String> names() {
    return ProgramBlockTest.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneWrongNumberIsFound(String name) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read(name), own);
      NDList inputs = Programs.inputs(block.program(), Programs.numbers(own, name));
      List<List<String>> read =
          CallLayer.of(block.program()).stream().map(CallLayer::inputs).toList();
      NDList wrong = spoiled(block.program(), read, block.allCalls(inputs, read), own);
      for (Check check :
          ProgramVerifier.checks(block, inputs, wrong, Verification.Progress.UNTOLD)) {
        assertFalse(check.isCompared() && check.agrees(), check::toString);
      }
    }
  }

  /** What calls made, with one number of each off; what they read is as it was. */
  private static NDList spoiled(
      Program program, List<List<String>> read, NDList arrays, NDManager own) {
    NDList wrong = new NDList();
    int next = 0;
    for (int i = 0; i < read.size(); i++) {
      Call call = program.calls().get(i);
      for (int k = 0; k < read.get(i).size(); k++) {
        wrong.add(arrays.get(next++));
      }
      for (int k = 0; k < ScriptText.made(program, call).size(); k++) {
        wrong.add(spoiled(arrays.get(next++), own));
      }
    }
    return wrong;
  }

  private static NDArray spoiled(NDArray array, NDManager own) {
    if (array.size() == 0) {
      return array;
    }
    if (array.getDataType() == DataType.BOOLEAN) {
      return array.logicalNot();
    }
    double[] numbers = Values.of(array).values();
    int place = numbers.length / 2;
    double off = numbers[place] + 1 + 0.1 * Math.abs(numbers[place]);
    numbers[place] = Double.isInfinite(numbers[place]) ? 0 : off;
    Shape shape = array.getShape();
    return own.create(numbers, shape).toType(array.getDataType(), false);
  }

  /** What is compared with nothing is named here. */
  @Test
  void theseKindsOfCallsHaveNoDefinition() throws Exception {
    Set<String> kinds = new TreeSet<>();
    for (String name : names()) {
      try (NDManager own = manager.newSubManager()) {
        Program program = Programs.read(name);
        ProgramBlock block = ProgramBlock.of(program, own);
        NDList inputs = Programs.inputs(program, Programs.numbers(own, name));
        Verification verification = Verification.ofProgram(block, inputs);
        assertTrue(verification.agrees(), verification::toString);
        verification.checks().stream()
            .filter(check -> !check.isCompared())
            .forEach(check -> kinds.add(check.layer().type()));
      }
    }
    List<String> known =
        List.of(
            ("AdaptiveMaxPool2d __and__ argmax bincount cumsum"
                    + " div gather linspace logspace logsumexp max median meshgrid numpy_T one_hot"
                    + " remainder rrelu to topk unfold upsample_bilinear2d upsample_nearest2d"
                    + " var")
                .split(" "));
    assertEquals(known, List.copyOf(kinds));
  }
}
