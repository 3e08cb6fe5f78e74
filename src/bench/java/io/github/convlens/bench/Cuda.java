package io.github.convlens.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.engine.internal.ChannelsLast;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A large 3x3 convolution on the first CUDA device: (128, 256, 56, 56) to 256 channels. */
final class Cuda {
  private static final Shape INPUT = new Shape(128, 256, 56, 56);
  private static final long MACS = 128L * 56 * 56 * 256 * 256 * 9;

  private Cuda() {}

  /** How the numbers lie in memory. */
  private enum Layout {
    FIRST(input -> input),
    LAST(ChannelsLast::of);

    private final UnaryOperator<NDArray> order;

    Layout(UnaryOperator<NDArray> order) {
      this.order = order;
    }
  }

  /** Both number types in both layouts. */
  static List<Comparison> comparisons(Peer peer, int rounds) {
    List<Comparison> all = new ArrayList<>();
    for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT16)) {
      for (Layout layout : Layout.values()) {
        String order = layout.name().toLowerCase(Locale.ROOT);
        all.add(
            new Comparison(
                "CUDA, 3x3 on (128, 256, 56, 56), " + precision + ", channels " + order,
                Unit.MILLISECONDS,
                () -> Optional.of(Samples.of(seconds(precision, layout))),
                "PyTorch",
                peer.call("cuda_" + precision + "_" + order),
                rounds));
      }
    }
    return all;
  }

  private static double seconds(Precision precision, Layout layout) {
    try (NDManager manager = NDManager.newBaseManager(Device.gpu())) {
      Block block =
          Conv2d.builder()
              .setFilters(256)
              .setKernelShape(new Shape(3, 3))
              .optPadding(new Shape(1, 1))
              .build();
      PyTorchInit.seeded(0).initialize(block, manager, precision, INPUT);
      NDArray input = layout.order.apply(RandomInput.of(manager, precision, INPUT, 0));
      return Timing.of(block, MACS, input, 50).seconds();
    }
  }
}
