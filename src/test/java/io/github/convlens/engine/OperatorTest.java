package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.convlens.ResidentMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** One call of libtorch on DJL's arrays. */
@ExtendWith(OneThread.class)
class OperatorTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray numbers(float... values) {
    return manager.create(values);
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void anOperatorTakesArrays() {
    assertEquals(
        """
        an operator takes at least one array.
        Here are no names.
        Name what it takes: Operator.of("torch.relu(x)", "x").\
        """,
        refusal(() -> Operator.of("torch.ones([2])")));
  }

  @Test
  void oneForEachName() {
    Operator sum = Operator.of("torch.add(x, y)", "x", "y");
    NDArray x = numbers(1);
    String one =
        """
        the operator takes the arrays x, y.
        Here there is 1.
        Give it one for each name.\
        """;
    assertEquals(one, refusal(() -> sum.apply(x)));
    assertEquals(one.replace("is 1", "are 3"), refusal(() -> sum.apply(x, x, x)));
    assertEquals(one.replace("is 1", "are 0"), refusal(() -> sum.apply()));
  }

  @Test
  void whatPyTorchDoesNotKnowIsRefusedWithItsReason() {
    String unknown = refusal(() -> Operator.of("torch.raylu(x)", "x"));
    assertTrue(
        unknown.startsWith("the engine's PyTorch 2.7.1 does not take torch.raylu(x):\n"), unknown);
    assertTrue(unknown.contains("Unknown builtin op: aten::raylu."), unknown);
    String unnamed = refusal(() -> Operator.of("torch.relu(z)", "x"));
    assertTrue(
        unnamed.startsWith("the engine's PyTorch 2.7.1 does not take torch.relu(z):\n"), unnamed);
    assertTrue(unnamed.contains("undefined value z"), unnamed);
  }

  @Test
  void equalTextsAreCompiledOnce() {
    assertSame(Operator.of("torch.relu(x)", "x"), Operator.of("torch.relu(" + "x)", "x"));
    assertNotSame(Operator.of("torch.relu(x)", "x"), Operator.of("torch.relu(y)", "y"));
  }

  /** So many that the first is no longer kept; who holds it can still call it. */
  @Test
  void whatIsNoLongerKeptStillRuns() {
    Operator first = Operator.of("torch.add(x, 0.5)", "x");
    for (int i = 1; i <= 520; i++) {
      Operator.of("torch.add(x, " + i + ")", "x");
    }
    assertNotSame(first, Operator.of("torch.add(x, 0.5)", "x"));
    assertArrayEquals(new float[] {1.5f}, first.apply(numbers(1)).toFloatArray());
  }

  @Test
  void gradientsPassIt() {
    NDArray x = numbers(-1, 2, 3);
    NDArray y = numbers(5, 6, 7);
    x.setRequiresGradient(true);
    y.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Operator product = Operator.of("torch.mul(torch.mul(x, x), y)", "x", "y");
      collector.backward(product.apply(x, y).sum());
    }
    assertArrayEquals(new float[] {-10, 24, 42}, x.getGradient().toFloatArray());
    assertArrayEquals(new float[] {1, 4, 9}, y.getGradient().toFloatArray());
  }

  /** DJL packs arrays whose names look like entries or elements into maps and lists. */
  @Test
  void namesOfArraysMeanNothing() {
    Operator difference = Operator.of("torch.sub(x, y)", "x", "y");
    for (String name : List.of("x.y", "x[]", "x()", "y", "")) {
      NDArray x = numbers(5, 7);
      NDArray y = numbers(1, 2);
      x.setName(name);
      y.setName(name);
      assertArrayEquals(new float[] {4, 5}, difference.apply(x, y).toFloatArray(), name);
      assertEquals(name, x.getName());
      NDArray same = difference.apply(x, x);
      assertArrayEquals(new float[] {0, 0}, same.toFloatArray(), name);
    }
  }

  @Test
  void nothingButTheResultStaysInTheManager() {
    NDArray x = numbers(1, 2);
    x.setName("x");
    NDArray y = numbers(3, 4);
    int before = manager.getManagedArrays().size();
    NDArray sum = Operator.of("torch.add(torch.mul(x, 2), y)", "x", "y").apply(x, y);
    assertEquals(before + 1, manager.getManagedArrays().size());
    assertSame(manager, sum.getManager());
    assertArrayEquals(new float[] {1, 2}, x.toFloatArray());
  }

  @Test
  void severalResultsComeInOrder() {
    Operator.Function function =
        new Operator.Function(
            List.of("x"), List.of("y = torch.add(x, 1)"), List.of("y", "torch.neg(y)", "x"));
    NDList results = Operator.of(function).run(new NDList(numbers(2)));
    assertEquals(List.of(3f, -3f, 2f), results.stream().map(array -> array.getFloat()).toList());
  }

  @Test
  void threadsShareOne() throws Exception {
    Operator operator = Operator.of("torch.add(torch.mul(x, 3), y)", "x", "y");
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 16; thread++) {
        float number = thread;
        runs.add(threads.submit(() -> callOften(operator, number)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void callOften(Operator operator, float number) {
    for (int i = 0; i < 500; i++) {
      try (NDManager own = NDManager.newBaseManager()) {
        NDArray x = own.full(new Shape(1 + i % 7), number);
        NDArray y = operator.apply(x, own.full(new Shape(1 + i % 7), i));
        assertEquals(3 * number + i, y.toFloatArray()[i % 7 / 2]);
        assertEquals(1 + i % 7, y.size());
      }
    }
  }

  /** Of arrays whose sizes differ from call to call. */
  @Test
  @EnabledOnOs(OS.LINUX)
  @EnabledIfSystemProperty(named = "convlens.soak", matches = "true")
  void memoryStaysFlat() throws IOException {
    Operator operator = Operator.of("torch.mul(x, 2)", "x");
    NDArray x = manager.zeros(new Shape(1000));
    int[] calls = {0};
    ResidentMemory.assertStaysFlat(
        () -> {
          long size = 1 + calls[0]++ % 1000;
          try (NDArray part = x.get("0:" + size);
              NDArray y = operator.apply(part)) {
            assertEquals(size, y.size());
          }
        });
  }
}
