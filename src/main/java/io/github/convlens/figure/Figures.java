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
    return WindowFigure.of(layer, input, row, column);
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
    return StepsFigure.of(layer, input);
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
    return SamePaddingsFigure.of(kernel, stride, input);
  }

  /**
   * Matrices with their numbers, and signs between them: X * K = Y.
   *
   * @param matrices from left to right
   * @throws FigureException if there are none, or one has more than 32 rows or columns
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure matrices(List<Matrix> matrices) {
    return MatricesFigure.of(matrices);
  }

  /**
   * A network as blocks, whose edges follow height, width and channels. Layers that leave the shape
   * as it is and multiply nothing are left out, and deep networks are folded into blocks; {@link
   * Figure#notes} says so.
   *
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure stack(Trace trace) {
    return StackFigure.of(trace);
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
    return FieldFigure.of(trace, row, column);
  }

  /**
   * Size against depth: a curve for each list of sizes.
   *
   * @param curves one to six
   * @throws FigureException if there are none, more than six, or a curve has no sizes
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure sizes(List<Curve> curves) {
    return SizesFigure.of(curves);
  }

  /**
   * Multiply-adds and parameters of each layer as bars. Layers that cost nothing are left out, and
   * where more than 44 are left the blocks that hold them are drawn; {@link Figure#notes} says so.
   *
   * @throws NoFontsException if the machine has no fonts
   */
  public static Figure cost(Trace trace) {
    return CostFigure.of(trace);
  }
}
