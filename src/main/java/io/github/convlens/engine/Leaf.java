package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.convolutional.Deconvolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Convention;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramGraph;
import io.github.convlens.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one block without children on inputs of given shapes.
 *
 * @param outputs the shapes it makes; empty where they are not known
 * @param macs its multiply-adds; empty where they are not known
 * @param note why something is not known, or that the engine cannot run it
 */
record Leaf(Optional<List<Shape>> outputs, OptionalLong macs, String note) {
  /** Elements up to which a function is tried: 256 MiB of float32. */
  private static final long LARGEST_TRIAL = 1L << 26;

  private static final List<Class<?>> KEEP_SHAPES =
      List.of(BatchNorm.class, LayerNorm.class, Dropout.class, Prelu.class);

  static Leaf unknown(String why) {
    return new Leaf(Optional.empty(), OptionalLong.empty(), why);
  }

  private static Leaf known(Shape output, long macs) {
    return known(List.of(output), macs);
  }

  private static Leaf known(List<Shape> outputs, long macs) {
    return new Leaf(Optional.of(outputs), OptionalLong.of(macs), "");
  }

  /** What the arithmetic says. */
  static Leaf of(LayerSpec layer, List<Shape> inputs) {
    try {
      return known(layer.outputs(inputs), layer.macs(inputs));
    } catch (ShapeException e) {
      return unknown(firstLine(e));
    }
  }

  static Leaf of(Block block, List<Shape> inputs) {
    if (block instanceof Specified specified) {
      return of(specified.layer(), inputs);
    }
    try {
      if (block instanceof ProgramBlock program) {
        return program(program, inputs);
      }
      if (block instanceof Convolution convolution && runsAs(block, Convolution.class)) {
        return convolution(convolution, inputs.get(0));
      }
      if (block instanceof Linear && runsAs(block, Linear.class)) {
        return linear(block, inputs);
      }
      if (KEEP_SHAPES.stream().anyMatch(kind -> kind.isInstance(block) && runsAs(block, kind))) {
        return known(inputs.get(0), 0).withTrap(block);
      }
      return block instanceof LambdaBlock ? tried(block, inputs) : itself(block, inputs);
    } catch (ShapeException e) {
      return unknown(firstLine(e));
    }
  }

  /** Says so where DJL's PyTorch engine throws, whatever the block is given. */
  private Leaf withTrap(Block block) {
    return block instanceof Deconvolution || block instanceof Prelu
        ? new Leaf(outputs, macs, join(note, "DJL's PyTorch engine cannot run it: use LayerBlocks"))
        : this;
  }

  /** Two notes in one. */
  static String join(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }

  private static Leaf itself(Block block, List<Shape> inputs) {
    Leaf leaf = declared(block, inputs);
    boolean waits =
        block.getDirectParameters().values().stream().anyMatch(each -> !each.isInitialized());
    boolean helps = leaf.outputs.isEmpty() && declaresForItself(block) && waits;
    return (helps ? unknown(join(leaf.note, "initialise it first")) : leaf).withTrap(block);
  }

  /** An exported program knows its calls. */
  private static Leaf program(ProgramBlock block, List<Shape> inputs) {
    Shaped shaped = Shapes.infer(ProgramGraph.of(block.program()), inputs);
    return known(shaped.outputs(), Trace.of(shaped, Convention.TORCHVISION).totals().cost());
  }

  /** Whether a block leaves the way of running to the class of DJL's that it extends. */
  static boolean runsAs(Block block, Class<?> base) {
    for (Class<?> c = block.getClass(); c != base; c = c.getSuperclass()) {
      if (runs(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean runs(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(method -> method.getName().startsWith("forward"));
  }

  /** Whether a block's shapes are not those of a class that runs in another way. */
  private static boolean declaresForItself(Block block) {
    Class<?> declares = declaresShapes(block);
    return !runs(declares) || runsAs(block, declares);
  }

  private static Class<?> declaresShapes(Block block) {
    try {
      return block.getClass().getMethod("getOutputShapes", Shape[].class).getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Leaf convolution(Convolution block, Shape input) {
    int axes = block.getKernelShape().dimension();
    if (input.dimension() != axes + 2) {
      return unknown("it takes " + (axes + 2) + " axes but gets " + input.dimension());
    }
    long channels = input.get(1);
    Optional<Shape> weight = weight(block);
    if (weight.isPresent() && weight.get().get(1) * block.getGroups() != channels) {
      return unknown(
          "it takes "
              + (weight.get().get(1) * block.getGroups() + " channels but gets " + channels));
    }
    Shape output = new Shape(input.get(0), block.getFilters());
    for (int axis = 0; axis < axes; axis++) {
      output = output.add(outputSize(block, axis, input.get(axis + 2)));
    }
    long perOutput =
        Exact.multiply(channels / block.getGroups(), Exact.elements(block.getKernelShape()));
    return known(output, Exact.multiply(Exact.elements(output), perOutput));
  }

  private static long outputSize(Convolution block, int axis, long size) {
    Window window =
        Window.of(
            block.getKernelShape().get(axis),
            block.getStride().get(axis),
            block.getPadding().get(axis),
            block.getDilation().get(axis));
    try {
      return window.outputSize(size);
    } catch (ShapeException e) {
      boolean picture = block.getKernelShape().dimension() == 2;
      throw picture ? e.on(axis == 0 ? Axis.HEIGHT : Axis.WIDTH) : e;
    }
  }

  private static Leaf linear(Block block, List<Shape> inputs) {
    Shape input = inputs.get(0);
    long features = input.get(input.dimension() - 1);
    Optional<Shape> weight = weight(block);
    if (weight.isPresent() && weight.get().get(1) != features) {
      return unknown("it takes " + weight.get().get(1) + " features but gets " + features);
    }
    Shape output = block.getOutputShapes(new Shape[] {input})[0];
    return known(output, Exact.multiply(Exact.elements(output), features));
  }

  private static Optional<Shape> weight(Block block) {
    return block.getDirectParameters().values().stream()
        .filter(parameter -> parameter.getType() == Parameter.Type.WEIGHT)
        .flatMap(parameter -> shape(parameter).stream())
        .findFirst();
  }

  /** What a block says of itself; its arithmetic is its own. */
  static Leaf declared(Block block, List<Shape> inputs) {
    if (!declaresForItself(block)) {
      String type = declaresShapes(block).getSimpleName();
      return unknown("it runs in its own way, but declares the shapes of " + type);
    }
    try {
      List<Shape> outputs = List.of(block.getOutputShapes(inputs.toArray(new Shape[0])));
      if (outputs.stream().anyMatch(shape -> shape.size() < 1)) {
        return unknown("it declares " + outputs);
      }
      boolean learns = !block.getDirectParameters().isEmpty();
      return new Leaf(
          Optional.of(outputs),
          learns ? OptionalLong.empty() : OptionalLong.of(0),
          learns ? "its multiply-adds are not known" + remedy(block) : "");
    } catch (RuntimeException e) {
      return unknown(firstLine(e));
    }
  }

  private static String remedy(Block block) {
    return block instanceof SymbolBlock ? ": trace an export of the model, model.pt2" : "";
  }

  /**
   * A function on zeros and on ones. Where the two shapes differ they depend on the values, and
   * nothing can be said.
   */
  private static Leaf tried(Block block, List<Shape> inputs) {
    if (inputs.stream().mapToLong(Exact::elements).max().orElse(0) > LARGEST_TRIAL) {
      return unknown("the input is too large to try the function; ask for a smaller one");
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      List<Shape> zeros = run(block, inputs, manager, 0);
      return zeros.equals(run(block, inputs, manager, 1))
          ? new Leaf(Optional.of(zeros), OptionalLong.of(0), "")
          : unknown("the shape depends on the values");
    } catch (RuntimeException e) {
      return unknown("the function fails: " + firstLine(e));
    }
  }

  private static List<Shape> run(Block block, List<Shape> inputs, NDManager manager, float value) {
    NDList list = new NDList();
    for (Shape shape : inputs) {
      list.add(manager.full(shape, value, DataType.FLOAT32));
    }
    NDList outputs = block.forward(new ParameterStore(manager, false), list, false);
    return outputs.stream().map(NDArray::getShape).toList();
  }

  /**
   * How many numbers a layer learns in a parameter; 0 where DJL's block has one that it freezes.
   */
  static long size(LayerSpec layer, Parameter parameter) {
    return switch (parameter.getType()) {
      case BIAS, BETA -> layer.biases();
      default -> layer.weights();
    };
  }

  /** Parameters of a TorchScript block have arrays, but say no shape. */
  private static Optional<Shape> shape(Parameter parameter) {
    return parameter.isInitialized()
        ? Optional.of(parameter.getArray().getShape())
        : Optional.ofNullable(parameter.getShape());
  }

  /** Whether a parameter counts as one: DJL keeps running statistics and constants among them. */
  static boolean counts(Block block, Parameter parameter) {
    if (block instanceof ProgramBlock program) {
      return program.program().inputs().stream()
          .filter(input -> input.kind() == Program.Input.Kind.PARAMETER)
          .anyMatch(input -> ScriptText.target(input).equals(parameter.getName()));
    }
    return parameter.getType() != Parameter.Type.RUNNING_MEAN
        && parameter.getType() != Parameter.Type.RUNNING_VAR;
  }

  /** How many numbers a parameter has, or will have once the block is initialised. */
  static OptionalLong size(Block block, Parameter parameter, Optional<List<Shape>> inputs) {
    if (block instanceof Specified specified) {
      return OptionalLong.of(size(specified.layer(), parameter));
    }
    Optional<Shape> shape = shape(parameter);
    if (shape.isPresent()) {
      return OptionalLong.of(shape.get().size());
    }
    if (inputs.isEmpty()) {
      return OptionalLong.empty();
    }
    Shape input = inputs.get().get(0);
    boolean weight = parameter.getType() == Parameter.Type.WEIGHT;
    if (block instanceof Convolution c) {
      long kernel = c.getKernelShape().size() * (input.get(1) / c.getGroups());
      return OptionalLong.of(c.getFilters() * (weight ? kernel : 1));
    }
    if (block instanceof Linear) {
      Shape output = block.getOutputShapes(new Shape[] {input})[0];
      long units = output.get(output.dimension() - 1);
      return OptionalLong.of(units * (weight ? input.get(input.dimension() - 1) : 1));
    }
    return block instanceof BatchNorm && input.dimension() > 1
        ? OptionalLong.of(input.get(1))
        : OptionalLong.empty();
  }

  /**
   * Whether the count of its parameters rests on DJL's default axis: a BatchNorm tells nobody which
   * one it normalises until it is initialised.
   */
  static boolean assumesAxis(Block block, Optional<List<Shape>> inputs) {
    return block instanceof BatchNorm
        && !block.isInitialized()
        && inputs.filter(shapes -> shapes.get(0).dimension() > 2).isPresent();
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    List<String> lines = message.strip().lines().toList();
    boolean traceback = lines.size() > 1 && lines.get(1).startsWith("Traceback of TorchScript");
    return lines.isEmpty() ? "" : lines.get(traceback ? lines.size() - 1 : 0).strip();
  }
}
