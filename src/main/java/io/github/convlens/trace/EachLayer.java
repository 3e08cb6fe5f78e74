package io.github.convlens.trace;

import io.github.convlens.layer.ActivationSpec;
import io.github.convlens.layer.AdaptivePool2dSpec;
import io.github.convlens.layer.AvgPool2dSpec;
import io.github.convlens.layer.BatchNorm2dSpec;
import io.github.convlens.layer.ConcatSpec;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.ConvTranspose2dSpec;
import io.github.convlens.layer.DropoutSpec;
import io.github.convlens.layer.FlattenSpec;
import io.github.convlens.layer.GroupNormSpec;
import io.github.convlens.layer.IdentitySpec;
import io.github.convlens.layer.LayerNormSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LinearSpec;
import io.github.convlens.layer.LocalResponseNormSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.ModuleSpec;
import io.github.convlens.layer.PReluSpec;
import io.github.convlens.layer.Pad2dSpec;
import io.github.convlens.layer.PixelShuffleSpec;
import io.github.convlens.layer.ResidualSpec;
import io.github.convlens.layer.SequentialSpec;
import io.github.convlens.layer.UnflattenSpec;
import io.github.convlens.layer.UpsampleSpec;

/**
 * A visitor that treats all kinds alike; it overrides the methods of those that it does not.
 *
 * @param <R> what the visitor answers
 */
abstract class EachLayer<R> implements LayerSpec.Visitor<R> {
  /** What is said of a kind that has no answer of its own. */
  abstract R layer(LayerSpec layer);

  @Override
  public R visit(ActivationSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(AdaptivePool2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(AvgPool2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(BatchNorm2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(Conv2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(ConvTranspose2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(DropoutSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(FlattenSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(GroupNormSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(IdentitySpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(LayerNormSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(LinearSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(LocalResponseNormSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(MaxPool2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(Pad2dSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(PReluSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(PixelShuffleSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(UnflattenSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(UpsampleSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(ConcatSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(ModuleSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(ResidualSpec layer) {
    return layer(layer);
  }

  @Override
  public R visit(SequentialSpec layer) {
    return layer(layer);
  }
}
