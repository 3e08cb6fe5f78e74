package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.trace.Trace;
import java.util.List;

/**
 * The figures. Each is complete when it is returned: requests that cannot be drawn fail here, not
 * when the figure is shown.
 */
public final class Figures {
  private Figures() {}

  /**
   * The window of a convolution or a pool on its padded input, and the output cell that it makes;
   * of a transposed convolution the inputs that reach an output cell, and the outputs that one of
   * them goes to. Of large inputs the part around the window is drawn, and {@link Figure#notes}
   * says so; windows of more than 32 positions are drawn to scale, without cells.
   *
   * @param layer one layer with a window
   * @param input (batch, channels, height, width)
   * @param row the output cell's row, from 0
   * @param column its column
   * @throws io.github.convlens.layer.ShapeException if the layer cannot take the input
   * @throws FigureException if the layer has no window, or the output has no such cell
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure window(LayerSpec layer, Shape input, long row, long column) {
    return Drawing.of(language -> WindowFigure.of(language, layer, input, row, column));
  }

  /**
   * A contact sheet: the window at each output position, in their order. At most 16 positions are
   * drawn, 9 of large inputs, and {@link Figure#notes} says how many there are.
   *
   * @param layer one layer with a window
   * @param input (batch, channels, height, width)
   * @throws io.github.convlens.layer.ShapeException if the layer cannot take the input
   * @throws FigureException if the layer has no window
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure steps(LayerSpec layer, Shape input) {
    return Drawing.of(language -> StepsFigure.of(language, layer, input));
  }

  /**
   * The same as the frames of a film: a {@link #window} for each output position, in their order,
   * all of one size. At most 64 positions are drawn, and the last frame's {@link Figure#notes} say
   * how many there are.
   *
   * @param layer one layer with a window
   * @param input (batch, channels, height, width)
   * @throws io.github.convlens.layer.ShapeException if the layer cannot take the input
   * @throws FigureException if the layer has no window, or one that is drawn to scale
   * @throws NoFontsException if the machine has no fonts
   */
  public static List<Figure> film(LayerSpec layer, Shape input) {
    return Film.of(layer, input);
  }

  /**
   * Two layers on one input, one below the other: their windows, or where a network is among them
   * the sizes after each layer.
   *
   * @param one a trace of the one
   * @param other a trace of the other
   * @param row the output cell's row, from 0
   * @param column its column
   * @throws FigureException if an output has no such cell
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure compare(Trace one, Trace other, long row, long column) {
    return Drawing.of(language -> Comparison.of(language, one, other, row, column));
  }

  /**
   * Where each author of a "same" padding ({@link io.github.convlens.plan.SamePadding}) puts it on
   * one axis: kernel 4 on 8 positions needs 3, and whether 2 of them stand in front or behind is a
   * convention.
   *
   * @param kernel taps
   * @param stride positions per step
   * @param input the size of the axis
   * @throws io.github.convlens.plan.PlanException if a number is out of its range
   * @throws FigureException if the padding alone is too long to draw
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure samePaddings(long kernel, long stride, long input) {
    return Drawing.of(language -> SamePaddingsFigure.of(language, kernel, stride, input));
  }

  /**
   * Matrices with their numbers, and signs between them: X * K = Y.
   *
   * @param matrices from left to right
   * @throws FigureException if there are none, or one has more than 32 rows or columns
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure matrices(List<Matrix> matrices) {
    List<Matrix> copy = List.copyOf(matrices);
    return Drawing.of(language -> MatricesFigure.of(language, copy));
  }

  /**
   * What a convolution or a pool computes, on the lesson's numbers: X * K = Y, where X and K count
   * 0, 1, 2, ..., in the next channel 1, 2, 3, ... Of several output channels the first is shown;
   * there is no bias.
   *
   * @param layer one layer with a window
   * @param input (batch, channels, height, width)
   * @param row the row of the output cell that is marked with what it reads, from 0
   * @param column its column
   * @throws io.github.convlens.layer.ShapeException if the layer cannot take the input
   * @throws FigureException if the layer is no convolution or pool, its output has no such cell, an
   *     axis has more than 12 positions, or an output reads more than 3 channels
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure matrices(LayerSpec layer, Shape input, long row, long column) {
    return Drawing.of(language -> NumbersFigure.of(language, layer, input, row, column));
  }

  /**
   * A network as blocks, whose edges follow height, width and channels. Layers that leave the shape
   * as it is and multiply nothing are left out, and deep networks are folded into blocks; {@link
   * Figure#notes} says so.
   *
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure stack(Trace trace) {
    return Drawing.of(language -> StackFigure.of(language, trace));
  }

  /**
   * What an output cell sees of the network's input, {@link
   * io.github.convlens.trace.ReceptiveField}'s numbers to scale, with the part that lies in the
   * padding.
   *
   * @param trace a network on a picture
   * @param row the output cell's row, from 0; 0 where the output is no picture
   * @param column its column
   * @throws FigureException if the input is no picture or the output has no such cell
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure receptiveField(Trace trace, long row, long column) {
    return Drawing.of(language -> FieldFigure.of(language, trace, row, column));
  }

  /**
   * Size against depth: a curve for each list of sizes.
   *
   * @param curves one to six
   * @throws FigureException if there are none, more than six, or a curve has no sizes
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure sizes(List<Curve> curves) {
    List<Curve> copy = List.copyOf(curves);
    return Drawing.of(language -> SizesFigure.of(language, copy));
  }

  /**
   * The size on each axis after each layer of a network, with the names of the layers that change
   * it; up to the first output with another number of axes.
   *
   * @throws FigureException if the input is neither a sequence, nor a picture, nor a volume
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure sizes(Trace trace) {
    return Drawing.of(language -> SizesFigure.ofSizes(language, trace));
  }

  /**
   * How the receptive field grows with the depth, beside the size of the input.
   *
   * @throws FigureException if the input is neither a sequence, nor a picture, nor a volume
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure fields(Trace trace) {
    return Drawing.of(language -> SizesFigure.ofFields(language, trace));
  }

  /**
   * Multiply-adds and parameters of each layer as bars. Layers that cost nothing are left out, and
   * where more than 44 are left the blocks that hold them are drawn; {@link Figure#notes} says so.
   *
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure cost(Trace trace) {
    return Drawing.of(language -> CostFigure.of(language, trace));
  }
}
