package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;
import io.github.convlens.language.Language;
import java.awt.geom.Rectangle2D;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Matrices side by side. */
final class MatricesFigure {
  private static final int MOST = 32;

  /** Rows and columns of which a description tells every number. */
  private static final int MOST_TOLD = 8;

  private static final double LEAST_CELL = 30;

  private MatricesFigure() {}

  static Drawing of(Language language, List<Matrix> matrices) {
    return of(language, "", matrices);
  }

  /** The same under a title of its own; an empty one is that of the matrices. */
  static Drawing of(Language language, String title, List<Matrix> matrices) {
    if (matrices.isEmpty()) {
      throw new FigureException(
          "there must be matrices to draw", "There are 0.", "Use one or more.");
    }
    matrices.forEach(MatricesFigure::checkSize);
    double highest = matrices.stream().mapToInt(m -> m.rows().size()).max().orElseThrow();
    double cell = matrices.stream().mapToDouble(MatricesFigure::cell).max().orElseThrow();
    Sketch body = new Sketch();
    double x = 0;
    for (Matrix matrix : matrices) {
      if (!matrix.sign().isEmpty()) {
        double width = Lettering.TITLE.width(matrix.sign());
        body.centred(Role.TEXT, Lettering.TITLE, x + width / 2, highest * cell / 2, matrix.sign());
        x += width + 16;
      }
      Sketch one = matrix(matrix, cell);
      if (matrices.size() > 1) { // the title of one alone is that of the figure
        one.label(
            Role.TEXT, Lettering.HEADING, Anchor.MIDDLE, middle(matrix, cell), -8, matrix.title());
      }
      Rectangle2D.Double room = one.room();
      body.add(one, x - room.x, (highest - matrix.rows().size()) * cell / 2);
      x += room.width + 16;
    }
    String name = title.isEmpty() ? title(language, matrices) : title;
    return new Card(language, name, List.of(), List.of(), List.of())
        .around(body)
        .saying(language.sentences(matrices.stream().map(m -> numbers(language, m)).toList()));
  }

  private static double middle(Matrix matrix, double cell) {
    return matrix.rows().get(0).size() * cell / 2;
  }

  /** Every number of a matrix, row by row; of a large one its size alone. */
  private static String numbers(Language language, Matrix matrix) {
    int height = matrix.rows().size();
    int width = matrix.rows().get(0).size();
    if (Math.max(height, width) > MOST_TOLD) {
      return language.say("%s has %d rows and %d columns.", matrix.title(), height, width);
    }
    String rows =
        matrix.rows().stream()
            .map(row -> row.stream().map(MatricesFigure::text).collect(Collectors.joining(" ")))
            .collect(Collectors.joining("; "));
    return language.say("%s is %s.", matrix.title(), rows);
  }

  private static String title(Language language, List<Matrix> matrices) {
    StringBuilder title = new StringBuilder();
    for (Matrix matrix : matrices) {
      String sign =
          matrix.sign().isEmpty() ? language.list(List.of("", "")) : " " + matrix.sign() + " ";
      title.append(title.isEmpty() ? "" : sign).append(matrix.title());
    }
    return title.toString();
  }

  private static void checkSize(Matrix matrix) {
    int rows = matrix.rows().size();
    int columns = matrix.rows().get(0).size();
    if (Math.max(rows, columns) > MOST) {
      throw new FigureException(
          "a matrix is drawn with at most " + MOST + " rows and columns",
          "'" + matrix.title() + "' is " + rows + "x" + columns + ".",
          "Use a part of it.");
    }
  }

  /** The side of a cell that the longest number fits into. */
  private static double cell(Matrix matrix) {
    return matrix.rows().stream()
        .flatMap(List::stream)
        .mapToDouble(value -> Lettering.BODY.width(text(value)) + 10)
        .reduce(LEAST_CELL, Math::max);
  }

  private static Sketch matrix(Matrix matrix, double cell) {
    Sketch sketch = new Sketch();
    Set<Matrix.Place> marked = new HashSet<>(matrix.marked());
    int rows = matrix.rows().size();
    int columns = matrix.rows().get(0).size();
    Grid grid = new Grid(new Extent(0, rows), new Extent(0, columns), cell);
    grid.cells(
        sketch,
        (row, column) ->
            marked.contains(new Matrix.Place((int) row, (int) column)) ? Role.READ : Role.INPUT);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        sketch.centred(
            Role.TEXT,
            Lettering.BODY,
            grid.x(column) + cell / 2,
            grid.y(row) + cell / 2,
            text(matrix.rows().get(row).get(column)));
      }
    }
    return sketch;
  }

  /** Whole numbers as they are, others with up to four significant digits. */
  private static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return Long.toString((long) value);
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4
        ? String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "")
        : String.format(Locale.ROOT, "%.1e", value);
  }
}
