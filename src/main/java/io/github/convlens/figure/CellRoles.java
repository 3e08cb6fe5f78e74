package io.github.convlens.figure;

import java.util.Set;

/**
 * What the cells of a layer's input and output stand for when one output cell is looked at.
 *
 * @param down the window on the height
 * @param across the window on the width
 * @param row the output cell's row
 * @param column its column
 * @param rows the rows that it reads
 * @param columns the columns that it reads
 */
record CellRoles(
    WindowAxis down, WindowAxis across, long row, long column, Set<Long> rows, Set<Long> columns) {
  static CellRoles of(WindowAxis down, WindowAxis across, long row, long column) {
    return new CellRoles(down, across, row, column, down.readSet(row), across.readSet(column));
  }

  /** A cell of the padded input. */
  Role input(long atRow, long atColumn) {
    boolean read = rows.contains(atRow) && columns.contains(atColumn);
    boolean isPadding = !down.input().contains(atRow) || !across.input().contains(atColumn);
    if (read) {
      return isPadding ? Role.READ_PADDING : Role.READ;
    }
    if (isPadding) {
      return Role.PADDING;
    }
    boolean unread = down.unread().test(atRow) || across.unread().test(atColumn);
    return unread ? Role.UNREAD : Role.INPUT;
  }

  /** A cell of the output, or of what a transposed convolution's padding cuts off. */
  Role output(long atRow, long atColumn) {
    if (!down.output().contains(atRow) || !across.output().contains(atColumn)) {
      return Role.CUT;
    }
    if (atRow == row && atColumn == column) {
      return Role.MADE;
    }
    return down.isAdded(atRow) || across.isAdded(atColumn) ? Role.ADDED : Role.OUTPUT;
  }
}
