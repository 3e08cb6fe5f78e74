package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.internal.Scratch;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A layer or a network becomes a DJL block that computes what PyTorch computes: DJL's own block
 * wherever it has one that is right on its PyTorch engine, PyTorch's own operators elsewhere. The
 * blocks train, save and load as any DJL block does; {@link PyTorchInit} gives them their first
 * weights.
 *
 * <pre>{@code
 * Shaped net = Shapes.infer(PyTorch.parse(Presets.text("lenet")), new Shape(1, 1, 28, 28));
 * Block block = LayerBlocks.of(net);
 * PyTorchInit.seeded(42).initialize(block, manager, Precision.FLOAT32, net.input());
 * NDArray scores = LayerBlocks.forward(block, pictures); // (batch, 10)
 * }</pre>
 */
public final class LayerBlocks {
  private LayerBlocks() {}

  /**
   * The block of one layer; it holds no weights until it is initialised. DJL's own blocks, which
   * check no input, are the only child of one that does.
   *
   * @param layer a resolved layer: {@link LayerSpec#resolve} gives lazy layers their channels
   * @throws io.github.convlens.layer.ShapeException if a lazy layer has not been resolved, or the
   *     engine cannot run this kind
   */
  public static Block of(LayerSpec layer) {
    return of(layer, Precision.FLOAT32);
  }

  /**
   * The same for a number type. The blocks of all but bfloat16 are the same: the types of their
   * arrays decide. In bfloat16, which DJL's arrays cannot hold, arrays are float32 in Java, and the
   * layer rounds and computes as PyTorch does in bfloat16.
   */
  public static Block of(LayerSpec layer, Precision precision) {
    Block block = bare(layer, precision);
    return block instanceof Specified
        ? block
        : new GraphBlock(Graph.of(layer), precision, node -> block);
  }

  /** Without what checks its input, where it is DJL's. */
  static Block bare(LayerSpec layer, Precision precision) {
    layer.parameters(); // a lazy layer says here what it lacks
    return layer.accept(new BlockBuilder(precision));
  }

  /**
   * The block of one layer in PyTorch's notation: {@code of("nn.GroupNorm(8, 8)")}.
   *
   * @throws io.github.convlens.notation.NotationException if the text is not one layer
   * @throws io.github.convlens.layer.ShapeException as for a layer
   */
  public static Block of(String notation) {
    return of(PyTorch.parse(notation).layer());
  }

  /**
   * The block of a network, whose children are its modules under PyTorch's paths; it holds no
   * weights until it is initialised, and takes inputs of other sizes, too.
   *
   * @param network the network with its shapes
   * @throws io.github.convlens.layer.ShapeException if the engine cannot run one of its layers
   */
  public static Block of(Shaped network) {
    return of(network, Precision.FLOAT32);
  }

  /** The same for a number type, as for one layer. */
  public static Block of(Shaped network, Precision precision) {
    return new GraphBlock(network.graph(), precision, node -> bare(node.layer(), precision));
  }

  /**
   * Gives a network the weights of its state dict: {@code load(block,
   * StateDict.read(Path.of("resnet18.pth")))}. The names are PyTorch's, the module's path and what
   * its state dict calls the array: {@code layer1.0.conv1.weight}. It is strict, as {@code
   * load_state_dict} is: every name of the network must be there, in its shape, and no other
   * ({@code num_batches_tracked} may be absent). Numbers of another type, bfloat16 included, become
   * those of the block. What modules have that forward does not call is kept for {@link
   * #stateDict}.
   *
   * @param network a block that {@link #of(Shaped)} made, initialised
   * @throws io.github.convlens.program.ProgramException if the weights do not fit: which are
   *     missing, unexpected or of another shape; then nothing has changed
   * @throws IllegalArgumentException if the block is another one
   * @throws IllegalStateException if the block is not initialised
   * @throws IOException if the weights cannot be read
   */
  public static void load(Block network, StateDict weights) throws IOException {
    new NetworkState(graphBlock(network)).load(weights);
  }

  /**
   * The weights that a network has now, by PyTorch's names, in PyTorch's order: {@code
   * stateDict(block).save(Path.of("trained.safetensors"))} writes what {@code load_state_dict}
   * takes. {@code num_batches_tracked} is not in it, and of modules that forward does not call,
   * what was loaded.
   *
   * @param network a block that {@link #of(Shaped)} made, initialised
   * @throws IllegalArgumentException if the block is another one
   * @throws IllegalStateException if the block is not initialised
   */
  public static StateDict stateDict(Block network) {
    return new NetworkState(graphBlock(network)).save();
  }

  /**
   * One inference pass: the output of an initialised block. The output belongs to the input's
   * manager, nothing else stays behind, the input is not changed; threads may share the block and
   * the input. Nothing is recorded for gradients; to train, use the block's own {@code forward}.
   *
   * @param block a block with weights on the input's device; of several outputs the first comes
   *     back
   * @param input the input, batch axis first
   */
  public static NDArray forward(Block block, NDArray input) {
    return first(forward(block, new NDList(input)));
  }

  /**
   * The same for a block with several inputs or outputs.
   *
   * @param block a block with weights on the inputs' device
   * @param inputs at least one, of one manager, which the outputs belong to
   */
  public static NDList forward(Block block, NDList inputs) {
    return unrecorded(inputs, (store, given) -> block.forward(store, given, false));
  }

  private static NDArray first(NDList outputs) {
    NDArray first = outputs.head();
    Scratch.close(outputs, new NDList(first));
    return first;
  }

  /**
   * A pass on handles that PyTorch does not watch: where neither inputs nor weights are watched,
   * nothing is recorded, in whatever mode the thread is.
   */
  private static NDList unrecorded(NDList inputs, BiFunction<ParameterStore, NDList, NDList> pass) {
    return Scratch.apply(
        inputs,
        views -> {
          NDList given = new NDList();
          views.forEach(view -> given.add(view.stopGradient()));
          return pass.apply(new Unwatched(given.head().getManager()), given);
        });
  }

  /** Hands out parameters that PyTorch does not watch. */
  private static final class Unwatched extends ParameterStore {
    private final NDManager manager;

    Unwatched(NDManager manager) {
      super(manager, false);
      this.manager = manager;
    }

    @Override
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      NDArray value = super.getValue(parameter, device, training);
      if (value == null) {
        return null;
      }
      NDArray unwatched = value.stopGradient();
      unwatched.attach(manager);
      return unwatched;
    }
  }

  /** What wants to see each layer of a network as it runs. */
  @FunctionalInterface
  public interface Observer {
    /**
     * A layer has run. The arrays are closed afterwards: copy what is to be kept.
     *
     * @param path the layer's path, as PyTorch names it: {@code layer1.0.conv1}
     * @param layer the layer
     * @param block the layer's block
     * @param input what went in; of several inputs the first
     * @param output what came out; of several outputs the first
     */
    void layer(String path, LayerSpec layer, Block block, NDArray input, NDArray output);
  }

  /**
   * One inference pass that shows each layer to an observer: to save the feature maps of one layer,
   * to check all of them. The output belongs to the input's manager, nothing else stays behind.
   *
   * @param network a block that {@link #of(Shaped)} made, with weights on the input's device
   * @param input the input, batch axis first
   * @param observer called once for each row of the network's trace, in order
   * @throws io.github.convlens.layer.ShapeException if the network cannot take the input
   * @throws IllegalArgumentException if the block is another one
   */
  public static NDArray forward(Block network, NDArray input, Observer observer) {
    return first(forward(network, new NDList(input), observer));
  }

  /**
   * The same for a network with several inputs or outputs.
   *
   * @param inputs an array for each input, of one manager, which the outputs belong to
   */
  public static NDList forward(Block network, NDList inputs, Observer observer) {
    return walk(
        network,
        inputs,
        visit ->
            observer.layer(
                visit.path(), visit.layer(), visit.block(), visit.input(), visit.output()));
  }

  /** The same with all that each layer is given and makes. */
  static NDList walk(Block network, NDList inputs, Consumer<Visit> visitor) {
    GraphBlock graph = graphBlock(network);
    return unrecorded(inputs, (store, given) -> graph.run(store, given, false, visitor));
  }

  static GraphBlock graphBlock(Block network) {
    if (network instanceof GraphBlock graph) {
      return graph;
    }
    throw new IllegalArgumentException(
        "the block is not one of a network.\nMake it by LayerBlocks.of(Shapes.infer(...)).");
  }
}
