package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Pictures;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.Verification;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Timing;
import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.notation.InputSize;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.ScalarType;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.Value;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code convlens run} does with an exported program, step by step. */
final class ProgramRun implements AutoCloseable {
  /** The axes of a batch of pictures. */
  private static final int PICTURE = 4;

  private final Program program;
  private final NetOptions.Question question;
  private final RunForm form;
  private final PrintWriter err;
  private final NDManager manager;
  private final ProgramBlock block;
  private final NDList inputs;
  private final boolean isOfPicture;
  private final long seed;

  /**
   * A program and what is fed to it.
   *
   * @param file arrays for its inputs
   * @param picture its input
   */
  record Request(
      NetOptions.Question question,
      Program program,
      long seed,
      @Nullable Map<String, ArrayFile.Numbers> file,
      @Nullable PictureInput picture) {
    /** The shapes of what is fed; those of a file may be wrong. */
    List<Shape> shapes() {
      if (file == null) {
        return question.inputs();
      }
      Map<String, ArrayFile.Numbers> arrays = file;
      return program.userTensors().stream()
          .map(tensor -> numbers(tensor, arrays, program.userTensors().size()))
          .map(numbers -> numbers.type().shape(Map.of()))
          .toList();
    }
  }

  /** Starts the engine, builds the program's block and makes the inputs. */
  ProgramRun(Request request, DeviceOption device, RunForm form, PrintWriter err) {
    program = request.program;
    question = request.question;
    isOfPicture = request.picture != null;
    seed = request.seed;
    this.form = form;
    this.err = err;
    Device chosen = device.select(err);
    manager = Engine.getEngine(PyTorchEngine.NAME).newBaseManager(chosen);
    try {
      block = ProgramBlock.of(program, manager);
      inputs = inputs(request);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private NDList inputs(Request request) {
    NDList made = new NDList();
    List<Value.Tensor> wanted = program.userTensors();
    if (request.file != null) {
      Map<String, ArrayFile.Numbers> file = request.file;
      wanted.forEach(tensor -> made.add(ofFile(tensor, file, wanted.size())));
      return made;
    }
    if (request.picture != null && wanted.size() != 1) {
      throw new RequestException(
          "option --image: the program takes "
              + wanted.size()
              + " inputs, and a picture is one. Give all of them with --input-file FILE.npz.");
    }
    for (int i = 0; i < wanted.size(); i++) {
      Shape shape = question.inputs().get(i);
      DataType type = ProgramArrays.type(wanted.get(i).type().elements(), "the input");
      if (request.picture != null) {
        boolean isOwn = ProgramInputs.check(program, question.inputs()).isEmpty();
        request.picture.check(isOwn ? shape : ProgramInputs.own(program).get(i));
        if (question.size().isEmpty()) {
          request.picture.tellScaling(shape, err);
        }
        made.add(request.picture.array(manager, precision(type), shape));
      } else if (type.isFloating()) {
        made.add(RandomInput.of(manager, precision(type), shape, request.seed + i));
      } else {
        err.println("note: input " + wanted.get(i).name() + " is of whole numbers, and is all 1.");
        made.add(manager.ones(shape, DataType.FLOAT32).toType(type, false));
      }
    }
    if (request.picture == null) {
      ProgramInputs.assumed(program)
          .filter(text -> question.size().isEmpty())
          .ifPresent(text -> err.println("note: " + text));
    }
    return made;
  }

  private static Precision precision(DataType type) {
    if (!type.isFloating()) {
      throw new RequestException(
          "option --image: the program's input is of whole numbers. Give --input-file.");
    }
    return Precision.of(type);
  }

  private NDArray ofFile(Value.Tensor wanted, Map<String, ArrayFile.Numbers> file, int inputs) {
    ArrayFile.Numbers numbers = numbers(wanted, file, inputs);
    return ProgramArrays.of(manager, wanted.name(), numbers.type(), numbers.bytes());
  }

  private static ArrayFile.Numbers numbers(
      Value.Tensor wanted, Map<String, ArrayFile.Numbers> file, int inputs) {
    ArrayFile.Numbers numbers = file.get(wanted.name());
    if (numbers == null && inputs == 1 && file.size() == 1) {
      numbers = file.values().iterator().next();
    }
    if (numbers == null) {
      throw new RequestException(
          "option --input-file: it has no array called "
              + wanted.name()
              + ", as the program's input is. It has "
              + (file.containsKey("") ? "one without a name" : String.join(", ", file.keySet()))
              + ".");
    }
    ScalarType needed = ProgramArrays.inJava(wanted.type().elements());
    if (ProgramArrays.inJava(numbers.type().elements()) != needed) {
      throw new RequestException(
          "option --input-file: the program's input "
              + wanted.name()
              + " is of type "
              + wanted.type().elements()
              + ", and the file's array of type "
              + numbers.type().elements()
              + ". Convert it there: x.astype(\""
              + needed
              + "\").");
    }
    return numbers;
  }

  /** Gives the program other weights. */
  void load(WeightsOption weights) throws IOException {
    weights.writeInto(block);
  }

  /** Runs the program, tells each output's shape and range, and saves them where wanted. */
  void forward(@Nullable OutputFile file, TopClasses top) throws IOException {
    List<Shape> made = Arrays.asList(block.getOutputShapes(inputs.getShapes()));
    top.check(question.graph(), made);
    if (file != null) {
      SavedArrays.check(made.size(), file);
    }
    manager.getEngine().setRandomSeed(Long.hashCode(seed)); // for a program that draws numbers
    NDList outputs = LayerBlocks.forward(block, inputs);
    try (outputs) {
      if (file != null) {
        SavedArrays.write(outputs, file);
      }
      for (NDArray output : outputs) {
        form.output(answer(output.getShape()), output);
      }
      top.tell(question.graph(), outputs, form);
    }
  }

  /** An output in the rank of the question; a picture has no batch. */
  private String answer(Shape output) {
    NetOptions.Question asked = question;
    if (isOfPicture && asked.size().isEmpty()) {
      asked = asked.about(InputSize.of(inputs.head().getShape().slice(1)));
    }
    return asked.answer(asked.graph(), output);
  }

  /** Writes the channels of a layer's output, or of the program's, as pictures. */
  void saveMaps(Path folder, @Nullable String layerPath) throws IOException {
    Program wanted = program;
    if (layerPath != null) {
      try {
        wanted = program.upTo(layerPath);
      } catch (ProgramException e) {
        throw new RequestException("option --layer: " + e.getMessage(), e);
      }
    }
    try (NDManager own = manager.newSubManager();
        NDList outputs = LayerBlocks.forward(part(wanted, own), read(wanted))) {
      Shape shape = outputs.head().getShape();
      if (shape.dimension() != PICTURE) {
        throw new RequestException(
            "option --save-maps: "
                + (layerPath == null ? "the program" : "layer " + layerPath)
                + " gives "
                + ShapeText.listed(shape)
                + ", which is no picture. Choose a layer with --layer PATH.");
      }
      List<BufferedImage> maps = Pictures.maps(outputs.head());
      Pictures.write(maps, folder);
      err.println("note: " + maps.size() + " feature map(s) written to " + folder);
    } catch (UnwritableException e) {
      if (e.isMisplaced()) {
        throw new RequestException("option --save-maps: " + e.getMessage());
      }
      throw e;
    }
  }

  /** A part of the program, with the numbers that it has now. */
  private ProgramBlock part(Program wanted, NDManager own) throws IOException {
    ProgramBlock part = ProgramBlock.of(wanted, own);
    Map<String, Parameter> all = block.stateDict();
    Map<String, ArrayFile.Numbers> now = new LinkedHashMap<>();
    for (String name : part.stateDict().keySet()) {
      Parameter parameter = Objects.requireNonNull(all.get(name), name);
      now.put(name, ProgramArrays.numbers(parameter.getArray()));
    }
    part.loadWeights(StateDict.of(now));
    return part;
  }

  /** The inputs of a part of the program. */
  private NDList read(Program part) {
    List<String> names = program.userTensors().stream().map(Value.Tensor::name).toList();
    NDList read = new NDList();
    part.userTensors().forEach(tensor -> read.add(inputs.get(names.indexOf(tensor.name()))));
    return read;
  }

  /** Tells each call's check; answers whether all agree. */
  boolean verify() {
    RunProgress progress =
        RunProgress.verifying(program.calls().size(), "call", err, System::nanoTime);
    Verification verification = Verification.ofProgram(block, inputs, progress);
    form.verification(verification);
    return verification.agrees();
  }

  /** Tells the median of so many runs. */
  void time(int runs, long macs) {
    boolean cpu = manager.getDevice().equals(Device.cpu());
    int threads = PyTorchEngine.threads();
    String how = cpu ? " with " + threads + (threads == 1 ? " thread" : " threads") : "";
    RunProgress progress = RunProgress.timing(runs, how, err, System::nanoTime);
    form.timing("", Timing.of(block, macs, inputs, runs, progress));
  }

  /** The shapes of what is fed. */
  List<Shape> shapes() {
    return List.of(inputs.getShapes());
  }

  @Override
  public void close() {
    manager.close();
  }
}
