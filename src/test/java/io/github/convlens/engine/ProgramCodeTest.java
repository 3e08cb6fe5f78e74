package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.convlens.code.Compiled;
import io.github.convlens.code.JavaCode;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.program.ProgramInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes that are written for exported programs make PyTorch's outputs. */
class ProgramCodeTest {
  /** Those that are layers throughout; the others' classes open the file. */
  private static final List<String> LAYERS =
      List.of("dcgan_generator", "densenet", "two_outputs", "unet");

  private static final List<String> OTHERS = List.of("crnn_lstm", "vit");

  @TempDir Path folder;

  @Test
  void classesMakeWhatPyTorchMade() throws Exception {
    List<String> names = new ArrayList<>(LAYERS);
    names.addAll(OTHERS);
    Map<String, String> sources = new LinkedHashMap<>();
    for (String name : names) {
      Program program = Programs.read(name);
      Shaped shaped = Shapes.infer(ProgramGraph.of(program), ProgramInputs.own(program));
      sources.put("Made_" + name, code(name, shaped));
    }
    try (Compiled classes = Compiled.of(sources, folder);
        NDManager manager = NDManager.newBaseManager(Device.cpu(), PyTorchEngine.NAME)) {
      for (String name : names) {
        check(name, classes.build("Made_" + name), manager);
      }
    }
  }

  private static String code(String name, Shaped shaped) {
    JavaCode.Options options = new JavaCode.Options(Optional.empty(), "Made_" + name);
    try {
      String code = JavaCode.of(shaped, options);
      assertTrue(LAYERS.contains(name), name);
      return code;
    } catch (ShapeException e) {
      assertTrue(OTHERS.contains(name), e.getMessage());
      String file = Programs.file(name, ".pt2").toAbsolutePath().toString();
      return JavaCode.opening(shaped, file, String.valueOf(e.getMessage()), options);
    }
  }

  /** A program has parameters first and then buffers; layers have their own together. */
  private static List<Parameter> byModule(ProgramBlock block) {
    Map<String, List<Parameter>> modules = new LinkedHashMap<>();
    block
        .getParameters()
        .forEach(
            each -> {
              String name = each.getKey();
              String module = name.substring(0, name.lastIndexOf('.') + 1);
              modules.computeIfAbsent(module, m -> new ArrayList<>()).add(each.getValue());
            });
    return modules.values().stream().flatMap(List::stream).toList();
  }

  /** The layers' numbers are in the order of the state dict, some in another shape. */
  private static void check(String name, Block block, NDManager manager) throws Exception {
    Program program = Programs.read(name);
    Map<String, NDArray> numbers = Programs.numbers(manager, name);
    NDList inputs = Programs.inputs(program, numbers);
    if (LAYERS.contains(name)) {
      Shape[] shapes = inputs.getShapes();
      block.initialize(manager, DataType.FLOAT32, shapes);
      List<Parameter> source = byModule(ProgramBlock.of(program, manager));
      List<Parameter> target =
          block.getParameters().values().stream()
              .filter(parameter -> parameter.getArray().size() > 0)
              .toList();
      assertEquals(source.size(), target.size(), name);
      for (int i = 0; i < source.size(); i++) {
        target.get(i).getArray().set(source.get(i).getArray().toByteBuffer());
      }
    }
    NDList outputs = LayerBlocks.forward(block, inputs);
    List<NDArray> expected = Programs.numbered(numbers, "y");
    assertEquals(expected.size(), outputs.size(), name);
    for (int i = 0; i < outputs.size(); i++) {
      double off = Programs.off(outputs.get(i), expected.get(i));
      assertTrue(
          off < 1e-5, name + " y" + i + ": " + off + " " + Arrays.toString(inputs.getShapes()));
    }
  }
}
