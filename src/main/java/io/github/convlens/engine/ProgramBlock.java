package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.engine.TorchScript.Recording;
import io.github.convlens.engine.internal.ProgramArrays;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.program.ArrayFile;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.Pt2File;
import io.github.convlens.program.StateDict;
import io.github.convlens.program.TensorType;
import io.github.convlens.program.Value;
import io.github.convlens.program.Weights;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An exported program as a DJL block. Its parameters bear PyTorch's names and have the program's
 * numbers; its forward is the program's calls, which PyTorch's own operators run.
 *
 * <pre>{@code
 * ProgramBlock block = ProgramBlock.of(Pt2File.read(Path.of("model.pt2")));
 * NDArray scores = LayerBlocks.forward(block, pictures);
 * NDArray weight = block.getParameters().get("conv1.weight").getArray();
 * }</pre>
 *
 * <p><b>Sizes.</b> It takes the sizes that the program was exported for, as PyTorch does. For any
 * batch: {@code torch.export.export(model, (x,), dynamic_shapes=({0:
 * torch.export.Dim("batch")},))}.
 *
 * <p><b>Training.</b> A DJL Trainer, optimizers, {@code Model.save} and {@code load}, and freezing
 * work as with any block. A parameter whose {@code requires_grad} was False at the export is frozen
 * until {@code freezeParameters(false)}. While it is trained it runs in train mode, as after {@code
 * model.train()}, although it was exported in eval mode: batch_norm takes the batch's statistics
 * and moves the running ones, dropout drops. {@link #trainIn} has it stay in eval mode. What leaves
 * no call in an export of eval mode is not there in training either: torchvision's stochastic
 * depth, timm's drop path, and the dropout within {@code nn.MultiheadAttention} and {@code
 * F.scaled_dot_product_attention}.
 *
 * <p><b>Types.</b> bfloat16, which DJL cannot hold, is float32 in Java: parameters, inputs and
 * outputs are turned into it and back around the program, which itself computes in bfloat16.
 *
 * <p><b>Arrays.</b> Outputs belong to the first input's manager; nothing else stays behind. Threads
 * may share the block for inference. Arrays that the program makes are on the device of its first
 * input, on which the parameters must be, too. An input is changed where {@code forward} changes it
 * in place.
 */
public final class ProgramBlock extends AbstractBlock {
  private static final byte VERSION = 1;

  private final Program program;

  /** A parameter for each name in the program; tied weights are one. */
  private final Map<String, Parameter> held = new LinkedHashMap<>();

  /** Those that never learn. */
  private final Set<Parameter> buffers = new LinkedHashSet<>();

  private final TorchScript inference;
  private volatile @Nullable TorchScript training;
  private Mode mode = Mode.TRAIN;

  /** In which mode a block runs while it is trained. */
  public enum Mode {
    /** As after {@code model.train()}. */
    TRAIN,
    /** As after {@code model.eval()}: running statistics stay, nothing is dropped. */
    EVAL
  }

  private ProgramBlock(Program program, NDManager manager) {
    super(VERSION);
    this.program = program;
    ProgramSupport.check(program);
    try (Weights.Reader reader = program.weights().open()) {
      for (Input input : ScriptText.held(program)) {
        hold(input, manager, reader);
      }
    } catch (IOException e) {
      throw new EngineException(
          "the program's weights cannot be read: " + e.getMessage() + "\nLook at its file.", e);
    }
    inputNames = ScriptText.given(program).stream().map(Input::name).toList();
    inference =
        TorchScript.compile(
            ScriptText.ofArguments(program, TrainFlags.AS_EXPORTED),
            Recording.OFF,
            ScriptFailure::explain);
    initialize(manager, DataType.FLOAT32, ProgramInputs.own(program).toArray(new Shape[0]));
  }

  /**
   * The block of a program, with its numbers on DJL's default device: a GPU, where one is usable.
   * They are freed when the block is no longer reachable.
   *
   * @throws ProgramException if the program has no numbers, or DJL's PyTorch cannot run it: which
   *     call, and what to do
   */
  public static ProgramBlock of(Program program) {
    Engine engine = PyTorchEngine.start(progress -> {});
    NDManager owner = Unreachable.newManager(engine.defaultDevice());
    try {
      ProgramBlock block = new ProgramBlock(program, owner);
      Unreachable.close(block, owner);
      return block;
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /**
   * The same on a manager's device.
   *
   * @param manager who owns the parameters' arrays
   */
  public static ProgramBlock of(Program program, NDManager manager) {
    return new ProgramBlock(program, manager);
  }

  private void hold(Input input, NDManager manager, Weights.Reader reader) throws IOException {
    String name = ScriptText.target(input);
    String original = program.weights().original(name);
    Parameter tied = held.get(original);
    if (tied != null) {
      held.put(name, tied);
      return;
    }
    TensorType type = program.weights().type(name).orElseThrow();
    boolean learns = input.kind() == Input.Kind.PARAMETER && ProgramSupport.learns(type);
    NDArray array = ProgramArrays.of(manager, name, type, reader.bytes(name));
    Parameter parameter =
        Parameter.builder()
            .setName(name)
            .setType(type(name, array.getShape()))
            .optShape(array.getShape())
            .optArray(array)
            .optRequiresGrad(learns && !input.isFrozen())
            .build();
    addParameter(parameter);
    if (!learns) {
      buffers.add(parameter);
    }
    held.put(name, parameter);
    held.putIfAbsent(original, parameter);
  }

  private static Parameter.Type type(String name, Shape shape) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "weight" -> shape.dimension() > 1 ? Parameter.Type.WEIGHT : Parameter.Type.GAMMA;
      case "bias" -> Parameter.Type.BIAS;
      case "running_mean" -> Parameter.Type.RUNNING_MEAN;
      case "running_var" -> Parameter.Type.RUNNING_VAR;
      default -> Parameter.Type.OTHER;
    };
  }

  /** The program. Its numbers are those of the file, not those that training made of them. */
  public Program program() {
    return program;
  }

  /**
   * In which mode the block runs while it is trained; TRAIN at first.
   *
   * @return this block
   */
  public ProgramBlock trainIn(Mode mode) {
    this.mode = mode;
    return this;
  }

  /**
   * Writes a TorchScript file with the numbers that the block has now, which stock DJL and {@code
   * torch.jit.load} open, without ConvLens. Its modules and their state dict have PyTorch's names;
   * {@code train()} and {@code eval()} work on it. The block's own arrays stay.
   *
   * @throws IOException if the file cannot be written; then the old one, or none, is there
   */
  public void saveTorchScript(Path file) throws IOException {
    new ScriptModule(program, held).save(file);
  }

  /**
   * Writes the program's file once more, with the numbers that the block has now: {@code
   * torch.export.load} opens it.
   *
   * @throws ProgramException if the program is a part of the one in its file
   * @throws IOException if the file cannot be written; then the old one, or none, is there
   */
  public void saveProgram(Path file) throws IOException {
    Pt2File.write(file, program, weights());
  }

  /**
   * Writes the numbers that the block has now into a {@code .safetensors}, which {@code
   * model.load_state_dict(safetensors.torch.load_file("model.safetensors"))} takes, or an {@code
   * .npz}, as the name ends.
   *
   * @throws IOException if the file cannot be written; then the old one, or none, is there
   */
  public void saveWeights(Path file) throws IOException {
    weights().save(file);
  }

  /**
   * Gives the program other weights: those of a state dict with its names and shapes, all of them
   * and no others, as {@code load_state_dict} takes them. Numbers of another type become the
   * program's.
   *
   * @throws ProgramException if they do not fit: which are missing, unexpected or of another shape;
   *     then nothing has changed
   * @throws IOException if they cannot be read
   */
  public void loadWeights(StateDict weights) throws IOException {
    StateLoad.intoProgram(stateDict()).load(weights);
  }

  private StateDict weights() {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    stateDict()
        .forEach(
            (name, parameter) -> {
              TensorType type = program.weights().type(name).orElseThrow();
              arrays.put(
                  name,
                  new ArrayFile.Numbers(
                      type, ProgramArrays.bytes(parameter.getArray(), type.elements())));
            });
    return StateDict.of(arrays);
  }

  /**
   * What the model's {@code state_dict()} has, in its order: parameters and buffers by their names;
   * tied weights are one parameter under several names.
   */
  public Map<String, Parameter> stateDict() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    for (Input input : ScriptText.held(program)) {
      if (input.kind() == Input.Kind.PARAMETER || input.kind() == Input.Kind.BUFFER) {
        all.put(ScriptText.target(input), parameter(ScriptText.target(input)));
      }
    }
    return all;
  }

  /**
   * Parameters, buffers and constants by PyTorch's names. Those of whole numbers, as {@code
   * num_batches_tracked}, are in {@link #getDirectParameters} and {@link #stateDict} alone: DJL
   * would ask for their gradients where it unfreezes all parameters.
   */
  @Override
  public ParameterList getParameters() {
    ParameterList all = new ParameterList();
    parameters.forEach(
        (name, parameter) -> {
          if (!parameter.isInitialized() || parameter.getArray().getDataType().isFloating()) {
            all.add(name, parameter);
          }
        });
    return all;
  }

  /** Freezes or unfreezes what learns. */
  @Override
  public void freezeParameters(boolean freeze) {
    freezeParameters(freeze, parameter -> true);
  }

  /** Freezes or unfreezes what learns and is chosen. */
  @Override
  public void freezeParameters(boolean freeze, Predicate<Parameter> chosen) {
    parameters.values().stream()
        .filter(parameter -> !buffers.contains(parameter))
        .filter(chosen)
        .forEach(parameter -> parameter.freeze(freeze));
  }

  @Override
  public void clear() {
    parameters.values().forEach(Parameter::close);
  }

  /** The parameter of a name in the program; tied weights have one, under each of their names. */
  Parameter parameter(String name) {
    Parameter parameter = held.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the program has no parameter " + name);
    }
    return parameter;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean isTraining,
      @Nullable PairList<String, Object> params) {
    checkInputs(inputs);
    TorchScript script = isTraining && mode == Mode.TRAIN ? training() : inference;
    return script.run(
        arguments(parameterStore, inputs, isTraining), isTraining ? Recording.ON : Recording.OFF);
  }

  /** What the script takes: the inputs, and then what the program holds. */
  private NDList arguments(ParameterStore store, NDList inputs, boolean isTraining) {
    Device device = inputs.head().getDevice();
    // A block around this one unfreezes buffers, too.
    buffers.stream().filter(Parameter::requiresGradient).forEach(each -> each.freeze(true));
    NDList arguments = new NDList(inputs);
    for (Input input : ScriptText.held(program)) {
      arguments.add(store.getValue(parameter(ScriptText.target(input)), device, isTraining));
    }
    return arguments;
  }

  /**
   * Runs the program and gives back copies of what its calls read and make: for each call first
   * these, then those.
   */
  NDList allCalls(NDList inputs, List<List<String>> read) {
    checkInputs(inputs);
    ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
    return TorchScript.compile(
            ScriptText.ofAllCalls(program, read), Recording.OFF, ScriptFailure::explain)
        .run(arguments(store, inputs, false), Recording.OFF);
  }

  private void checkInputs(NDList inputs) {
    List<Shape> shapes = Arrays.asList(inputs.getShapes());
    checkShapes(shapes);
    List<Value.Tensor> wanted = program.userTensors();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).name();
      DataType type = ProgramArrays.type(wanted.get(i).type().elements(), "the input " + name);
      if (inputs.get(i).getDataType() != type) {
        throw new ProgramException(
            "the program's input "
                + name
                + " is of type "
                + type.name().toLowerCase(Locale.ROOT)
                + ", and what is given is "
                + inputs.get(i).getDataType().name().toLowerCase(Locale.ROOT)
                + ".\nConvert it: array.toType(DataType."
                + type.name()
                + ", false).");
      }
    }
  }

  /** PyTorch runs a program for the sizes that it was exported for, and no others. */
  private void checkShapes(List<Shape> shapes) {
    if (ProgramInputs.check(program, shapes).isEmpty()) {
      return;
    }
    Map<String, Long> symbols = ProgramInputs.symbols(program, shapes);
    for (int i = 0; i < shapes.size(); i++) {
      Shape recorded = program.userTensors().get(i).type().shape(symbols);
      if (!recorded.equals(shapes.get(i))) {
        throw ShapeException.of(
            "the program was exported for another size of its input "
                + program.userTensors().get(i).name(),
            "It takes "
                + ShapeText.listed(recorded)
                + " and is given "
                + ShapeText.listed(shapes.get(i))
                + ".",
            ProgramSupport.dynamic(program.userTensors(), shapes, symbols));
      }
    }
  }

  private TorchScript training() {
    TorchScript ready = training;
    return ready == null ? compileTraining() : ready;
  }

  private synchronized TorchScript compileTraining() {
    TorchScript ready = training;
    if (ready == null) {
      ready =
          TorchScript.compile(
              ScriptText.ofArguments(program, TrainFlags.TRAIN),
              Recording.ON,
              ScriptFailure::explain);
      training = ready;
    }
    return ready;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    List<Shape> shapes = Arrays.asList(inputs);
    checkShapes(shapes);
    Map<String, Long> symbols = ProgramInputs.symbols(program, shapes);
    return ScriptText.results(program).stream()
        .map(name -> program.tensor(name).orElseThrow().type().shape(symbols))
        .toArray(Shape[]::new);
  }

  @Override
  public void loadParameters(NDManager manager, DataInputStream is)
      throws IOException, MalformedModelException {
    super.loadParameters(manager, is);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String name : held.keySet()) {
      shapes.put(name, program.weights().type(name).orElseThrow().shape(Map.of()));
    }
    LoadedShapes.check(shapes, held);
    parameters.values().forEach(each -> each.initialize(manager, DataType.FLOAT32));
  }
}
