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
import io.github.convlens.layer.InstanceNormSpec;
import io.github.convlens.layer.LayerSpec;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/** Normalisation over groups of channels, which DJL lacks: a layer norm of each group. */
final class GroupNorm extends AbstractBlock implements Specified {
  private static final byte VERSION = 1;

  private final LayerSpec layer;
  private final double eps;
  private final ToLongFunction<Shape> groups;
  private final Parameter gamma;
  private final Parameter beta;

  /** As DJL's norms, it has both parameters always, and freezes those that are not learned. */
  GroupNorm(GroupNormSpec layer) {
    this(layer, layer.affine(), layer.eps(), shape -> layer.numGroups());
  }

  /** An instance norm is one with a group for each channel. */
  GroupNorm(InstanceNormSpec layer) {
    this(layer, layer.affine(), layer.eps(), shape -> shape.get(1));
  }

  private GroupNorm(LayerSpec layer, Affine affine, double eps, ToLongFunction<Shape> groups) {
    super(VERSION);
    this.layer = layer;
    this.eps = eps;
    this.groups = groups;
    gamma =
        addParameter(
            Parameter.builder()
                .setName("gamma")
                .setType(Parameter.Type.GAMMA)
                .optRequiresGrad(affine != Affine.NONE)
                .build());
    beta =
        addParameter(
            Parameter.builder()
                .setName("beta")
                .setType(Parameter.Type.BETA)
                .optRequiresGrad(affine == Affine.SCALE_AND_SHIFT)
                .build());
  }

  @Override
  public LayerSpec layer() {
    return layer;
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    gamma.setShape(inputShapes[0].slice(1, 2));
    beta.setShape(inputShapes[0].slice(1, 2));
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
    long number = groups.applyAsLong(shape);
    long size = shape.size() / (shape.get(0) * number);
    Shape group = new Shape(size);
    NDArray normal =
        LayerNorm.layerNorm(
                x.reshape(shape.get(0), number, size),
                group,
                manager.ones(group, x.getDataType()),
                manager.zeros(group, x.getDataType()),
                (float) eps)
            .singletonOrThrow()
            .reshape(shape);
    long[] perChannel = new long[shape.dimension()];
    Arrays.fill(perChannel, 1);
    perChannel[1] = shape.get(1);
    return normal
        .mul(Scratch.view(scale, manager).reshape(perChannel))
        .add(Scratch.view(shift, manager).reshape(perChannel));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return outputShapes(inputShapes);
  }
}
