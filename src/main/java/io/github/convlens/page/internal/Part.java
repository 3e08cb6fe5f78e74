package io.github.convlens.page.internal;

import java.util.Arrays;

/**
 * A part of an input and of an output, of which the numbers are asked.
 *
 * @param input the input's
 * @param output the output's
 */
record Part(Area input, Area output) {
  /** A larger part is cut. */
  private static final long MOST = 32;

  /**
   * Rows and columns.
   *
   * @param row the first row
   * @param rows how many
   * @param column the first column
   * @param columns how many
   */
  record Area(long row, long rows, long column, long columns) {
    /** What of it lies in an array. */
    Area within(long allRows, long allColumns) {
      long top = Math.max(0, row);
      long left = Math.max(0, column);
      return new Area(
          top,
          Math.max(0, Math.min(Math.min(rows, MOST), allRows - top)),
          left,
          Math.max(0, Math.min(Math.min(columns, MOST), allColumns - left)));
    }
  }

  /** Reads {@code row,rows,column,columns} of the input, and then those of the output. */
  static Part of(String places) {
    long[] at = Arrays.stream(places.split(",")).mapToLong(Long::parseLong).toArray();
    return new Part(new Area(at[0], at[1], at[2], at[3]), new Area(at[4], at[5], at[6], at[7]));
  }
}
