package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.translate.NoopTranslator;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ProgramText;
import io.github.convlens.program.Pt2File;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported programs as blocks: what comes out is what PyTorch 2.13 makes of them. */
class ProgramBlockTest {
  /** Two versions of PyTorch and any processor; on the oracle's own most agree in every bit. */
  private static final double ROUNDING = 1e-6;

  private static NDManager manager;

  @TempDir Path folder;

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
    return Programs.names().stream().filter(name -> !name.equals("numbers")).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void outputsAreThoseOfPyTorchAndNothingIsLeft(String name) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Program program = Programs.read(name);
      ProgramBlock block = ProgramBlock.of(program, own);
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      NDList inputs = Programs.inputs(program, numbers);
      int before = own.getManagedArrays().size();
      NDList outputs = LayerBlocks.forward(block, inputs);
      assertEquals(outputs.size(), own.getManagedArrays().size() - before);
      List<NDArray> expected = Programs.numbered(numbers, "y");
      assertEquals(expected.size(), outputs.size());
      for (int i = 0; i < outputs.size(); i++) {
        double off = Programs.off(outputs.get(i), expected.get(i));
        assertTrue(off <= ROUNDING, name + " y" + i + ": " + off);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCallAgreesWithItsFileAndDefinition(String name) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Program program = Programs.read(name);
      ProgramBlock block = ProgramBlock.of(program, own);
      NDList inputs = Programs.inputs(program, Programs.numbers(own, name));
      int before = own.getManagedArrays().size();
      Verification verification = Verification.ofProgram(block, inputs);
      assertTrue(verification.agrees(), verification::toString);
      assertEquals(before, own.getManagedArrays().size());
    }
  }

  @Test
  void parametersBearTheNamesOfTheStateDict() throws Exception {
    ProgramBlock block = ProgramBlock.of(Programs.read("tied"), manager);
    assertEquals(
        List.of("a.weight", "scales.0", "unused.weight", "unused.bias"),
        block.getParameters().keys());
    assertEquals(
        Set.of("a.weight", "b.weight", "scales.0", "unused.weight", "unused.bias"),
        block.stateDict().keySet());
    assertSame(block.stateDict().get("a.weight"), block.stateDict().get("b.weight"));
    ProgramBlock norms = ProgramBlock.of(Programs.read("norms"), manager);
    assertEquals(
        DataType.INT64, norms.stateDict().get("a.num_batches_tracked").getArray().getDataType());
    assertTrue(norms.getParameters().keys().contains("a.running_var"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aFreeBatchIsAnyBatch(int batch) throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read("unet"), own);
      NDArray x = Programs.numbers(own, "unet").get("x").repeat(0, batch);
      NDArray y = LayerBlocks.forward(block, x);
      assertEquals(new Shape(batch, 2, 32, 24), y.getShape());
      assertArrayEquals(
          new Shape[] {y.getShape()}, block.getOutputShapes(new Shape[] {x.getShape()}));
    }
  }

  @Test
  void threadsShareABlock() throws Exception {
    ProgramBlock block = ProgramBlock.of(Programs.read("vit"), manager);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Double>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> worst(block)));
      }
      for (Future<Double> each : all) {
        assertTrue(each.get() <= ROUNDING, each.get() + "");
      }
    } finally {
      threads.shutdown();
    }
  }

  private static double worst(ProgramBlock block) throws Exception {
    double worst = 0;
    try (NDManager own = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME)) {
      Map<String, NDArray> numbers = Programs.numbers(own, "vit");
      for (int i = 0; i < 30; i++) {
        try (NDArray y = LayerBlocks.forward(block, numbers.get("x"))) {
          worst = Math.max(worst, Programs.off(y, numbers.get("y0")));
        }
      }
    }
    return worst;
  }

  /** DJL packs arrays whose names have dots or brackets into maps and lists. */
  @Test
  void namesOfArraysDoNotMatter() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(Programs.read("two_outputs"), own);
      NDArray x = Programs.numbers(own, "two_outputs").get("x");
      x.setName("input.1[]");
      assertEquals(2, LayerBlocks.forward(block, new NDList(x)).size());
      assertEquals("input.1[]", x.getName());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void stockDjlOpensTheTorchScriptFile(String name) throws Exception {
    try (NDManager own = manager.newSubManager();
        Model stock = Model.newInstance(name, Device.cpu(), PyTorchEngine.NAME)) {
      Program program = Programs.read(name);
      ProgramBlock.of(program, own).saveTorchScript(folder.resolve(name + ".pt"));
      stock.load(folder);
      if (name.equals("bfloat16")) {
        return; // DJL aborts the process over an array of that type
      }
      Map<String, NDArray> numbers = Programs.numbers(own, name);
      try (Predictor<NDList, NDList> predictor = stock.newPredictor(new NoopTranslator())) {
        NDList outputs = predictor.predict(Programs.inputs(program, numbers));
        for (int i = 0; i < outputs.size(); i++) {
          double off = Programs.off(outputs.get(i), numbers.get("y" + i));
          assertTrue(off <= ROUNDING, name + " y" + i + ": " + off);
        }
      }
    }
  }

  @Test
  void aTorchScriptFileHasTheNumbersOfNow() throws Exception {
    try (NDManager own = manager.newSubManager();
        Model stock = Model.newInstance("tied", Device.cpu(), PyTorchEngine.NAME)) {
      ProgramBlock block = ProgramBlock.of(Programs.read("tied"), own);
      Scratch.write(own.zeros(new Shape(4)), block.stateDict().get("scales.0").getArray());
      block.saveTorchScript(folder.resolve("tied.pt"));
      stock.load(folder);
      try (Predictor<NDList, NDList> predictor = stock.newPredictor(new NoopTranslator())) {
        NDArray y = predictor.predict(new NDList(own.ones(new Shape(3, 4)))).head();
        assertEquals(0f, y.abs().max().getFloat());
      }
      assertEquals(List.of(folder.resolve("tied.pt")), Files.list(folder).toList());
    }
  }

  /** All arrays are turned into their negatives, and come back so; the rest of the file stays. */
  @ParameterizedTest
  @MethodSource("names")
  void aProgramIsHandedBackWithTheNumbersOfNow(String name) throws Exception {
    Path copy = folder.resolve(name + ".pt2");
    Path weights = folder.resolve(name + ".safetensors");
    Program program = Programs.read(name);
    try (NDManager own = manager.newSubManager()) {
      ProgramBlock block = ProgramBlock.of(program, own);
      for (Parameter parameter : new HashSet<>(block.stateDict().values())) {
        if (parameter.getArray().getDataType().isFloating()) {
          Scratch.write(parameter.getArray().neg(), parameter.getArray());
        }
      }
      block.saveProgram(copy);
      block.saveWeights(weights);
      Program again = Pt2File.read(copy);
      assertEquals(program.calls(), again.calls());
      assertEquals(program.weights().names(), again.weights().names());
      StateDict saved = StateDict.read(weights);
      assertEquals(block.stateDict().keySet(), saved.names());
      try (Weights.Reader now = again.weights().open();
          Weights.Reader before = program.weights().open();
          StateDict.Reader numbers = saved.open()) {
        for (String each : again.weights().names()) {
          boolean isHeld = saved.names().contains(each);
          assertEquals(isHeld ? numbers.bytes(each) : before.bytes(each), now.bytes(each), each);
        }
      }
    }
  }

  @Test
  void aPartOfAProgramIsNotWrittenOverTheWhole() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Program part = Programs.read("densenet").before("classifier");
      ProgramBlock block = ProgramBlock.of(part, own);
      Path file = folder.resolve("part.pt2");
      ProgramException e = assertThrows(ProgramException.class, () -> block.saveProgram(file));
      assertEquals(
          "this is not the whole program of '"
              + Programs.file("densenet", ".pt2")
              + "', and a part of one is not written as a .pt2.\nSave the part as TorchScript, or"
              + " its weights as a .safetensors.",
          e.getMessage());
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void aProgramEndsWithAModuleOrInFrontOfIt() throws Exception {
    try (NDManager own = manager.newSubManager()) {
      Program program = Programs.read("densenet");
      NDArray x = Programs.numbers(own, "densenet").get("x");
      ProgramBlock before = ProgramBlock.of(program.before("classifier"), own);
      NDArray features = LayerBlocks.forward(before, x);
      NDArray weight = ProgramBlock.of(program, own).parameter("classifier.weight").getArray();
      NDArray bias = ProgramBlock.of(program, own).parameter("classifier.bias").getArray();
      NDArray y = features.matMul(weight.transpose()).add(bias);
      assertTrue(Programs.off(y, Programs.numbers(own, "densenet").get("y0")) < 1e-6);
      assertTrue(before.stateDict().keySet().stream().noneMatch(n -> n.startsWith("classifier")));
      ProgramBlock norm = ProgramBlock.of(program.upTo("features.norm5"), own);
      assertTrue(norm.stateDict().containsKey("features.norm5.weight"));
      assertEquals(4, LayerBlocks.forward(norm, x).getShape().dimension());
      ProgramBlock heads = ProgramBlock.of(Programs.read("two_outputs").before("cls"), own);
      assertEquals(
          Set.of("t.0.weight", "t.0.bias", "t.2.weight", "t.2.bias"), heads.stateDict().keySet());
    }
  }

  @Test
  void whatCannotBeRunIsNamed() throws Exception {
    NDArray x = manager.ones(new Shape(2, 3, 17, 20));
    ProgramBlock fixed = ProgramBlock.of(Programs.read("se_reflect_prelu"), manager);
    ProgramBlock wide = ProgramBlock.of(Programs.read("float64"), manager);
    ProgramBlock cumulative = ProgramBlock.of(Programs.read("cumulative"), manager);
    ProgramBlock core = ProgramBlock.of(Programs.read("core"), manager);
    Program print = ProgramText.parse(Files.readString(Programs.file("dynamic", ".txt")));
    assertAll(
        says(
            ShapeException.class,
            """
            the program was exported for another size of its input x.
            It takes [2, 3, 17, 21] and is given [2, 3, 17, 20].
            Give that size, or export the model for others: torch.export.export(model, (x,), \
            dynamic_shapes=({3: torch.export.Dim("width")},)).""",
            () -> LayerBlocks.forward(fixed, x)),
        says(
            ProgramException.class,
            """
            the program's input input is of type float64, and what is given is float32.
            Convert it: array.toType(DataType.FLOAT64, false).""",
            () -> LayerBlocks.forward(wide, manager.ones(new Shape(2, 3, 8, 8)))),
        says(
            ProgramException.class,
            """
            the program gives back mul_1, a number, and a DJL block gives arrays.
            Let forward return arrays alone, and export the model again.""",
            () -> ProgramBlock.of(Programs.read("numbers"), manager)),
        says(
            ProgramException.class,
            """
            the call batch_norm of the program is a batch_norm of momentum 0, as which PyTorch exports \
            momentum=None, too: how its running statistics move cannot be told.
            Give the model's BatchNorm a momentum before the export, or train it with \
            trainIn(ProgramBlock.Mode.EVAL).""",
            () -> ProgramTrainingTest.forward(cumulative, manager.ones(new Shape(3, 4)))),
        says(
            ProgramException.class,
            """
            the call _native_batch_norm_legit_no_training of the program, \
            aten._native_batch_norm_legit_no_training.default, has no train mode: it is what \
            run_decompositions() makes of a batch_norm.
            Export the model without run_decompositions(), or train it with \
            trainIn(ProgramBlock.Mode.EVAL).""",
            () -> ProgramTrainingTest.forward(core, manager.ones(new Shape(2, 3, 8, 8)))),
        says(
            ProgramException.class,
            """
            a print of a program shows no weights.
            Give the file that torch.export.save(program, "model.pt2") writes.""",
            () -> ProgramBlock.of(print, manager)),
        says(
            ProgramException.class,
            """
            the program calls no module 'head'.
            It calls t.0, t.1, t.2, t.3, box, cls.""",
            () -> Programs.read("two_outputs").before("head")),
        says(
            ProgramException.class,
            """
            the program calls frobnicate, an operator that the engine's PyTorch 2.7.1 does not have.
            Replace it in forward, or export the model with PyTorch 2.7.1.""",
            () ->
                TorchScript.compile(
                    script("torch.frobnicate(x)"),
                    TorchScript.Recording.OFF,
                    ScriptFailure::explain)),
        says(
            ProgramException.class,
            """
            the program calls relu with arguments that the engine's PyTorch 2.7.1 does not take.
            Export the model with PyTorch 2.7.1.""",
            () ->
                TorchScript.compile(
                    script("torch.relu(x, 3)"),
                    TorchScript.Recording.OFF,
                    ScriptFailure::explain)));
  }

  private static String script(String call) {
    return "class Program(Module):\n  __parameters__ = []\n  __buffers__ = []\n"
        + "  def forward(self: __torch__.Program,\n    x: Tensor) -> Tensor:\n    return "
        + call
        + "\n";
  }

  private static org.junit.jupiter.api.function.Executable says(
      Class<? extends Exception> type,
      String message,
      org.junit.jupiter.api.function.Executable act) {
    return () -> assertEquals(message, assertThrows(type, act).getMessage());
  }
}
