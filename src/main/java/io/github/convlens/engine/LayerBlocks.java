package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.github.convlens.layer.LayerSpec;
import java.util.function.Consumer;

/**
 * A layer becomes a DJL block that computes what PyTorch computes: DJL's own block wherever it has
 * one that is right on its PyTorch engine, a small one of ours elsewhere. The blocks train, save
 * and load as any DJL block does; {@link PyTorchInit} gives them their first weights.
 *
 * <pre>{@code
 * LayerSpec net = lenet.resolve(new Shape(1, 1, 28, 28));
 * Block block = LayerBlocks.of(net);
 * PyTorchInit.seeded(42).initialize(block, manager, Precision.FLOAT32, new Shape(1, 1, 28, 28));
 * NDArray scores = LayerBlocks.forward(block, pictures); // (batch, 10)
 * }</pre>
 */
public final class LayerBlocks {
  private LayerBlocks() {}

  /**
   * The block of a layer or network; it holds no weights until it is initialised.
   *
   * @param layer a resolved layer: {@link LayerSpec#resolve} gives lazy layers their channels
   * @throws io.github.convlens.layer.ShapeException if a lazy layer has not been resolved
   */
  public static Block of(LayerSpec layer) {
    layer.parameters(); // a lazy layer says here what it lacks
    return layer.accept(new BlockBuilder());
  }

  /**
   * One inference pass: the output of an initialised block. The output belongs to the input's
   * manager, nothing else stays behind, the input is not changed; threads may share the block and
   * the input. Nothing is recorded for gradients; to train, use the block's own {@code forward}.
   *
   * @param block a block with weights on the input's device
   * @param input the input, batch axis first
   */
  public static NDArray forward(Block block, NDArray input) {
    // DJL switches recording off in the thread that loads the engine, and in no other.
    boolean recording = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return Scratch.apply(input, x -> infer(block, x));
    } finally {
      JniUtils.setGradMode(recording);
    }
  }

  private static NDArray infer(Block block, NDArray x) {
    ParameterStore parameters = new ParameterStore(x.getManager(), false);
    return block.forward(parameters, new NDList(x), false).singletonOrThrow();
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
     * @param input what went in
     * @param output what came out
     */
    void layer(String path, LayerSpec layer, Block block, NDArray input, NDArray output);
  }

  /**
   * One inference pass that shows each layer to an observer: to save the feature maps of one layer,
   * to check all of them. The output belongs to the input's manager, nothing else stays behind.
   *
   * @param network the layer that {@code block} was made of
   * @param block {@code LayerBlocks.of(network)} with weights on the input's device
   * @param input the input, batch axis first
   * @param observer called once for each row of the network's trace, in order: for each layer, and
   *     for each join of branches after them
   * @throws io.github.convlens.layer.ShapeException if the network cannot take the input
   */
  public static NDArray forward(LayerSpec network, Block block, NDArray input, Observer observer) {
    return walk(
        network,
        block,
        input,
        visit ->
            observer.layer(
                visit.path(), visit.layer(), visit.block(), visit.input(), visit.output()));
  }

  /** The same with what the branches of a join have made. */
  static NDArray walk(
      LayerSpec network, Block block, NDArray input, Consumer<Walk.Visit> observer) {
    network.output(input.getShape());
    return Scratch.apply(input, x -> new Walk(observer).run(network, block, x));
  }
}
