package io.github.convlens.figure;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.layer.AvgPoolSpec;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a layer computes, as matrices with their numbers: channel c of X and of K counts c, c + 1, c
 * + 2, ... as in the lesson. Of several outputs the first is shown, and no bias.
 */
final class NumbersFigure {
  /** Rows and columns of a matrix. */
  private static final long MOST = 12;

  private static final long MOST_CHANNELS = 3;

  private final Language language;
  private final LayerSpec spec;
  private final WindowAxis down;
  private final WindowAxis across;

  private NumbersFigure(Language language, WindowLayer layer) {
    this.language = language;
    this.spec = layer.row().layer();
    this.down = layer.height();
    this.across = layer.width();
  }

  static Drawing of(Language language, LayerSpec layer, Shape input, long row, long column) {
    WindowLayer window = WindowLayer.of(layer, input);
    window.checkCell(row, column);
    Shape shape = window.row().input();
    if (window.longestAxis() > MOST) {
      throw new FigureException(
          "the numbers of this layer are too many to be read",
          ("An axis has " + window.longestAxis() + " positions; at most " + MOST)
              + " are drawn as numbers.",
          "Use a smaller input, or draw the window.");
    }
    long channels = channels(window.row().layer(), shape);
    if (channels > MOST_CHANNELS) {
      throw new FigureException(
          "the numbers of this layer are too many to be read",
          "An output reads " + channels + " channels; at most " + MOST_CHANNELS + " are drawn.",
          "Use an input of fewer channels, or draw the window.");
    }
    return new NumbersFigure(language, window).draw((int) channels, (int) row, (int) column);
  }

  /** How many channels an output reads. */
  private static long channels(LayerSpec layer, Shape input) {
    if (layer instanceof ConvSpec conv) {
      return input.get(1) / conv.groups();
    }
    if (layer instanceof ConvTransposeSpec conv) {
      return input.get(1) / conv.groups();
    }
    if (layer instanceof MaxPoolSpec || layer instanceof AvgPoolSpec) {
      return 1;
    }
    throw new FigureException(
        "this figure shows a layer's arithmetic",
        "That of " + layer.type() + " is not drawn.",
        "Use a Conv2d, ConvTranspose2d, MaxPool2d or AvgPool2d, or draw the window.");
  }

  private Drawing draw(int channels, int row, int column) {
    List<Matrix> matrices = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      String name = channels == 1 ? "" : "[" + channel + "]";
      Matrix x = input(channel, name, row, column);
      matrices.add(channel == 0 ? x : x.after("+"));
      if (hasKernel()) {
        matrices.add(kernel(channel, name).after("*"));
      }
    }
    double[][] outputs = new double[(int) down.output().size()][(int) across.output().size()];
    for (int r = 0; r < outputs.length; r++) {
      for (int c = 0; c < outputs[r].length; c++) {
        outputs[r][c] = output(channels, r, c);
      }
    }
    Matrix y = Matrix.of("Y", outputs).mark(row, column);
    matrices.add(y.after(hasKernel() ? "=" : pool()));
    return MatricesFigure.of(language, spec.toString(), matrices);
  }

  private String pool() {
    return spec instanceof MaxPoolSpec ? language.say("max") : language.say("mean");
  }

  private boolean hasKernel() {
    return spec.weights() > 0;
  }

  /** The input, of a convolution with its padding. */
  private Matrix input(int channel, String name, int row, int column) {
    boolean isPadded = spec instanceof ConvSpec;
    Extent rows = isPadded ? down.padded() : down.input();
    Extent columns = isPadded ? across.padded() : across.input();
    double[][] numbers = new double[(int) rows.size()][(int) columns.size()];
    for (int r = 0; r < numbers.length; r++) {
      for (int c = 0; c < numbers[r].length; c++) {
        numbers[r][c] = x(channel, r + rows.from(), c + columns.from());
      }
    }
    boolean differs = !rows.equals(down.input()) || !columns.equals(across.input());
    String title = "X" + name;
    Matrix x = Matrix.of(differs ? language.say("%s with padding", title) : title, numbers);
    for (long atRow : down.read(row)) {
      for (long atColumn : across.read(column)) {
        if (rows.contains(atRow) && columns.contains(atColumn)) {
          x = x.mark((int) (atRow - rows.from()), (int) (atColumn - columns.from()));
        }
      }
    }
    return x;
  }

  /** A number of the input, or what stands in its padding. */
  private double x(int channel, long row, long column) {
    OptionalLong atRow = down.reach().inside(row, down.input().size());
    OptionalLong atColumn = across.reach().inside(column, across.input().size());
    return atRow.isEmpty() || atColumn.isEmpty()
        ? 0
        : channel + atRow.getAsLong() * across.input().size() + atColumn.getAsLong();
  }

  private Matrix kernel(int channel, String name) {
    Size taps = spec.taps().orElseThrow();
    double[][] numbers = new double[(int) taps.height()][(int) taps.width()];
    for (int r = 0; r < numbers.length; r++) {
      for (int c = 0; c < numbers[r].length; c++) {
        numbers[r][c] = channel + r * taps.width() + c;
      }
    }
    return Matrix.of("K" + name, numbers);
  }

  private double output(int channels, long row, long column) {
    Reach.Run rows = down.reach().at(row);
    Reach.Run columns = across.reach().at(column);
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < rows.count(); i++) {
      for (long j = 0; j < columns.count(); j++) {
        boolean inside =
            down.input().contains(rows.at(i)) && across.input().contains(columns.at(j));
        for (int channel = 0; channel < channels; channel++) {
          double x = x(channel, rows.at(i), columns.at(j));
          long tap = rows.tapAt(i) * spec.taps().orElseThrow().width() + columns.tapAt(j);
          sum += hasKernel() ? x * (channel + tap) : x;
          most = inside ? Math.max(most, x) : most;
        }
      }
    }
    return spec instanceof MaxPoolSpec
        ? most
        : spec instanceof AvgPoolSpec pool ? sum / divisor(pool, rows, columns) : sum;
  }

  private double divisor(AvgPoolSpec pool, Reach.Run rows, Reach.Run columns) {
    return pool.divisorOverride().isPresent()
        ? pool.divisorOverride().getAsLong()
        : (double) counted(pool, Axis.HEIGHT, down, rows)
            * counted(pool, Axis.WIDTH, across, columns);
  }

  /** How many positions a mean is divided by: those inside, with the padding if that counts. */
  private static long counted(AvgPoolSpec pool, Axis axis, WindowAxis on, Reach.Run run) {
    Window window = pool.window().on(axis, on.input().size());
    Extent counted =
        pool.divisor() == AvgPoolSpec.Divisor.UNPADDED
            ? on.input()
            : new Extent(-window.padBefore(), on.input().to() + window.padAfter());
    return run.positions().filter(counted::contains).count();
  }
}
