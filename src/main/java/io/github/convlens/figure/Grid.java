package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;
import java.util.Arrays;

/**
 * Cells in rows and columns; the first one has its upper left corner at the origin of the sketch.
 *
 * @param rows which rows are drawn
 * @param columns which columns
 * @param cell the side of a cell in pixels
 */
record Grid(Extent rows, Extent columns, double cell) {
  /** The size of a tooth of a torn edge. */
  private static final double TOOTH = 7;

  /** What each cell stands for. */
  @FunctionalInterface
  interface Roles {
    /** The role of one cell. */
    Role at(long row, long column);
  }

  double width() {
    return columns.size() * cell;
  }

  double height() {
    return rows.size() * cell;
  }

  /** The left side of a column. */
  double x(long column) {
    return (column - columns.from()) * cell;
  }

  /** The upper side of a row. */
  double y(long row) {
    return (row - rows.from()) * cell;
  }

  /** Draws the cells, row by row. */
  void cells(Sketch sketch, Roles roles) {
    for (long row = rows.from(); row < rows.to(); row++) {
      for (long column = columns.from(); column < columns.to(); column++) {
        sketch.box(roles.at(row, column), x(column), y(row), cell, cell);
      }
    }
  }

  /** Draws a rectangle over those of the cells that are drawn; nothing if there are none. */
  void area(Sketch sketch, Role role, Extent overRows, Extent overColumns) {
    Extent down = overRows.clip(rows);
    Extent across = overColumns.clip(columns);
    if (down.size() > 0 && across.size() > 0) {
      sketch.box(role, x(across.from()), y(down.from()), across.size() * cell, down.size() * cell);
    }
  }

  /** Tears the edges behind which there are more rows or columns than are drawn. */
  void tear(Sketch sketch, Extent allRows, Extent allColumns) {
    if (allRows.from() < rows.from()) {
      tear(sketch, width(), (along, in) -> new double[] {along, in});
    }
    if (allRows.to() > rows.to()) {
      tear(sketch, width(), (along, in) -> new double[] {along, height() - in});
    }
    if (allColumns.from() < columns.from()) {
      tear(sketch, height(), (along, in) -> new double[] {in, along});
    }
    if (allColumns.to() > columns.to()) {
      tear(sketch, height(), (along, in) -> new double[] {width() - in, along});
    }
  }

  /** A place on an edge: how far along it, and how far into the grid. */
  @FunctionalInterface
  private interface Place {
    /** Its x and y. */
    double[] at(double along, double in);
  }

  private static void tear(Sketch sketch, double length, Place place) {
    int teeth = 2 * Math.max(1, (int) Math.round(length / 2 / TOOTH));
    double[] edge = new double[2 * (teeth + 1)];
    double[] torn = Arrays.copyOf(edge, edge.length + 4);
    for (int i = 0; i <= teeth; i++) {
      double[] point = place.at(length * i / teeth, i % 2 == 0 ? TOOTH * 0.9 : TOOTH * 0.2);
      System.arraycopy(point, 0, edge, 2 * i, 2);
    }
    System.arraycopy(edge, 0, torn, 0, edge.length);
    System.arraycopy(place.at(length, -1), 0, torn, edge.length, 2);
    System.arraycopy(place.at(0, -1), 0, torn, edge.length + 2, 2);
    sketch.face(Role.TORN, torn);
    sketch.line(Role.EDGE, edge);
  }

  /** Numbers the rows on the left and the columns above, leaving out what has no room. */
  void indices(Sketch sketch) {
    double widest = 0;
    for (long edge : new long[] {columns.from(), columns.to() - 1}) {
      widest = Math.max(widest, Lettering.SMALL.width(Long.toString(edge)));
    }
    long across = Math.max(1, (long) Math.ceil((widest + 5) / cell));
    for (long column = columns.from(); column < columns.to(); column++) {
      if (Math.floorMod(column, across) == 0) {
        String text = Long.toString(column);
        sketch.label(Role.QUIET, Lettering.SMALL, Anchor.MIDDLE, x(column) + cell / 2, -6, text);
      }
    }
    long down = Math.max(1, (long) Math.ceil(Lettering.SMALL.lineHeight() / cell));
    for (long row = rows.from(); row < rows.to(); row++) {
      if (Math.floorMod(row, down) == 0) {
        double baseline = y(row) + cell / 2 + 4;
        sketch.label(Role.QUIET, Lettering.SMALL, Anchor.RIGHT, -6, baseline, Long.toString(row));
      }
    }
  }
}
