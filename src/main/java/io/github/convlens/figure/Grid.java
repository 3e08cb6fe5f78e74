package io.github.convlens.figure;

import io.github.convlens.figure.Sketch.Anchor;

/**
 * Cells in rows and columns; the first one has its upper left corner at the origin of the sketch.
 *
 * @param rows which rows are drawn
 * @param columns which columns
 * @param cell the side of a cell in pixels
 */
record Grid(Extent rows, Extent columns, double cell) {
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
