package io.github.convlens.trace;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Window2d;

/** The rules of {@link Convention#TF_PROFILER}, for one input. */
final class TensorFlowCost extends EachLayer<Long> {
  private final Shape input;

  TensorFlowCost(Shape input) {
    this.input = input;
  }

  @Override
  Long layer(LayerSpec layer) {
    return 0L;
  }

  @Override
  public Long visit(Conv2dSpec layer) {
    return product(layer);
  }

  @Override
  public Long visit(ConvTranspose2dSpec layer) {
    return product(layer);
  }

  @Override
  public Long visit(LinearSpec layer) {
    return product(layer);
  }

  private long product(LayerSpec layer) {
    long additions = layer.biases() == 0 ? 0 : Exact.elements(layer.output(input));
    return Exact.add(Exact.multiply(2, layer.macs(input)), additions);
  }

  @Override
  public Long visit(MaxPool2dSpec layer) {
    return pool(layer, layer.window());
  }

  @Override
  public Long visit(AvgPool2dSpec layer) {
    return pool(layer, layer.window());
  }

  private long pool(LayerSpec layer, Window2d window) {
    long area = Exact.multiply(window.kernel().height(), window.kernel().width());
    return Exact.multiply(area, Exact.elements(layer.output(input)));
  }

  @Override
  public Long visit(AdaptivePool2dSpec layer) {
    Shape output = layer.output(input);
    long windows = Exact.multiply(reads(2, output), reads(3, output));
    return Exact.multiply(windows, Exact.product(input, 0, 2));
  }

  /**
   * The sizes of all windows on an axis, added up. They cover the axis, and overlap by one position
   * at each border that does not fall between two positions: size + places - gcd(size, places).
   */
  private long reads(int index, Shape output) {
    long size = input.get(index);
    long places = output.get(index);
    return Exact.add(size, places - Exact.gcd(size, places));
  }
}
