package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.convlens.layer.Affine;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.LayerSpec;
import java.util.Arrays;

/** Normalisation over groups of channels, which DJL lacks: a layer norm of each group. */
final class GroupNorm extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final GroupNormSpec layer;
  private final Parameter gamma;
  private final Parameter beta;

  /** As DJL's norms, it has both parameters always, and freezes those that are not learned. */
  GroupNorm(GroupNormSpec layer) {
    super(VERSION);
    this.layer = layer;
    gamma =
        addParameter(
            Parameter.builder()
                .setName("gamma")
                .setType(Parameter.Type.GAMMA)
                .optRequiresGrad(layer.affine() != Affine.NONE)
                .build());
    beta =
        addParameter(
            Parameter.builder()
                .setName("beta")
                .setType(Parameter.Type.BETA)
                .optRequiresGrad(layer.affine() == Affine.SCALE_AND_SHIFT)
                .build());
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    gamma.setShape(new Shape(layer.numChannels()));
    beta.setShape(new Shape(layer.numChannels()));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    check(inputs);
    NDArray input = inputs.singletonOrThrow();
    NDArray scale = parameterStore.getValue(gamma, input.getDevice(), training);
    NDArray shift = parameterStore.getValue(beta, input.getDevice(), training);
    return new NDList(Scratch.apply(input, x -> normalize(x, scale, shift)));
  }

  private NDArray normalize(NDArray x, NDArray scale, NDArray shift) {
    NDManager manager = x.getManager();
    Shape shape = x.getShape();
    long size = shape.size() / (shape.get(0) * layer.numGroups());
    Shape group = new Shape(size);
    NDArray normal =
        LayerNorm.layerNorm(
                x.reshape(shape.get(0), layer.numGroups(), size),
                group,
                manager.ones(group, x.getDataType()),
                manager.zeros(group, x.getDataType()),
                (float) layer.eps())
            .singletonOrThrow()
            .reshape(shape);
    long[] perChannel = new long[shape.dimension()];
    Arrays.fill(perChannel, 1);
    perChannel[1] = layer.numChannels();
    return normal
        .mul(Scratch.view(scale, manager).reshape(perChannel))
        .add(Scratch.view(shift, manager).reshape(perChannel));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
