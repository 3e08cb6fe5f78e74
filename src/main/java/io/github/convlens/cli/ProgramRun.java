package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.ProgramArrays;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.RandomInput;
import io.github.convlens.engine.Timing;
import io.github.convlens.engine.Verification;
import io.github.convlens.file.UnwritableException;
import io.github.convlens.file.WholeFiles;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code convlens run} does with an exported program, step by step. */
final class ProgramRun implements AutoCloseable {
  private final Program program;
  private final NetOptions.Question question;
  private final PrintWriter out;
  private final PrintWriter err;
  private final NDManager manager;
  private final ProgramBlock block;
  private final NDList inputs;

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
      @Nullable PictureInput picture) {}

  /** Starts the engine, builds the program's block and makes the inputs. */
  ProgramRun(Request request, DeviceOption device, CommandLine commandLine) {
    program = request.program;
    question = request.question;
    out = commandLine.getOut();
    err = commandLine.getErr();
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
    for (int i = 0; i < wanted.size(); i++) {
      Shape shape = question.inputs().get(i);
      DataType type = ProgramArrays.type(wanted.get(i).type().elements(), "the input");
      if (request.picture != null) {
        request.picture.check(shape);
        tellScaling(request.picture, shape);
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

  private void tellScaling(PictureInput picture, Shape shape) {
    List<Long> size = picture.size().sizes();
    if (size.get(0) != shape.get(2) || size.get(1) != shape.get(3)) {
      err.println("note: the picture is scaled to " + shape.get(2) + "x" + shape.get(3) + ".");
    }
  }

  private static Precision precision(DataType type) {
    if (!type.isFloating()) {
      throw new RequestException(
          "option --image: the program's input is of whole numbers. Give --input-file.");
    }
    return Precision.of(type);
  }

  private NDArray ofFile(Value.Tensor wanted, Map<String, ArrayFile.Numbers> file, int inputs) {
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
    if (numbers.type().elements() != wanted.type().elements()) {
      throw new RequestException(
          "option --input-file: the program's input "
              + wanted.name()
              + " is of type "
              + wanted.type().elements()
              + ", and the file's array of type "
              + numbers.type().elements()
              + ". Convert it there: x.astype(\""
              + wanted.type().elements()
              + "\").");
    }
    return ProgramArrays.of(manager, wanted.name(), numbers.type(), numbers.bytes());
  }

  /** Runs the program, prints each output's shape and range, and saves them where wanted. */
  void forward(@Nullable Path file) throws IOException {
    NDList outputs = LayerBlocks.forward(block, inputs);
    try (outputs) {
      if (file != null) {
        save(outputs, file);
      }
      for (NDArray output : outputs) {
        out.println(question.answer(question.graph(), output.getShape()));
        out.println(RangeOf.text(output));
      }
    }
  }

  private void save(NDList outputs, Path file) throws IOException {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      arrays.put("y" + i, ProgramArrays.numbers(outputs.get(i)));
    }
    boolean isAlone = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    if (isAlone && arrays.size() > 1) {
      throw new RequestException(
          "option --save-output: a .npy holds one array, and the program gives "
              + arrays.size()
              + ". Use .npz.");
    }
    try {
      WholeFiles.write(
          file,
          stream -> {
            if (isAlone) {
              ArrayFile.writeNpy(stream, arrays.values().iterator().next());
            } else {
              ArrayFile.writeNpz(stream, arrays);
            }
          });
    } catch (UnwritableException e) {
      if (e.isMisplaced()) {
        throw new RequestException("option --save-output: " + e.getMessage());
      }
      throw e;
    }
  }

  /** Prints each call's check; answers whether all agree. */
  boolean verify() {
    err.println("note: verifying " + program.calls().size() + " calls ...");
    err.flush();
    Verification verification = Verification.ofProgram(block, inputs);
    out.println();
    out.println(verification);
    return verification.agrees();
  }

  /** Prints the median of so many runs. */
  void time(int runs, long macs) {
    boolean cpu = manager.getDevice().equals(Device.cpu());
    int threads = JniUtils.getNumThreads();
    err.println(
        "note: timing "
            + runs
            + " runs"
            + (cpu ? " with " + threads + (threads == 1 ? " thread" : " threads") : "")
            + " ...");
    err.flush();
    out.println(Timing.of(block, macs, inputs, runs));
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
