package io.github.convlens.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix to draw, with its numbers.
 *
 * @param title what stands above it: {@code X}, {@code input}
 * @param rows its numbers, row by row, all rows of one length
 * @param sign what stands in front of it, such as {@code *}, {@code =}, {@code +}; may be empty
 * @param marked the cells that are highlighted
 */
public record Matrix(String title, List<List<Double>> rows, String sign, List<Place> marked) {
  /**
   * A cell.
   *
   * @param row from 0
   * @param column from 0
   */
  public record Place(int row, int column) {}

  /**
   * Checks and copies the numbers.
   *
   * @throws FigureException if there are no numbers, rows differ in length, or a marked cell is not
   *     there
   */
  public Matrix {
    rows = rows.stream().map(List::copyOf).toList();
    marked = List.copyOf(marked);
    if (rows.isEmpty() || rows.get(0).isEmpty()) {
      throw new FigureException(
          "a matrix needs numbers", "'" + title + "' has none.", "Use one row or more.");
    }
    int columns = rows.get(0).size();
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).size() != columns) {
        throw new FigureException(
            "the rows of a matrix must be equally long",
            ("'" + title + "' has " + columns + " numbers in row 0 and " + rows.get(row).size())
                + (" in row " + row + "."),
            "Use " + columns + " in each row.");
      }
    }
    for (Place place : marked) {
      if (!isWithin(place.row, rows.size()) || !isWithin(place.column, columns)) {
        throw new FigureException(
            "the matrix has no such cell",
            ("Row " + place.row + ", column " + place.column + " is to be marked but '" + title)
                + ("' is " + rows.size() + "x" + columns + "."),
            ("Use rows 0 to " + (rows.size() - 1) + " and columns 0 to " + (columns - 1) + "."));
      }
    }
  }

  /** A matrix without a sign and without marked cells. */
  public static Matrix of(String title, double[][] values) {
    List<List<Double>> rows = new ArrayList<>();
    for (double[] row : values) {
      rows.add(Arrays.stream(row).boxed().toList());
    }
    return new Matrix(title, rows, "", List.of());
  }

  /** The same behind a sign. */
  public Matrix after(String newSign) {
    return new Matrix(title, rows, newSign, marked);
  }

  /** The same with one more highlighted cell. */
  public Matrix mark(int row, int column) {
    return mark(row, column, 1, 1);
  }

  /** The same with more highlighted cells: {@code height x width} from the given one on. */
  public Matrix mark(int row, int column, int height, int width) {
    List<Place> all = new ArrayList<>(marked);
    for (int down = 0; down < height; down++) {
      for (int across = 0; across < width; across++) {
        all.add(new Place(row + down, column + across));
      }
    }
    return new Matrix(title, rows, sign, all);
  }

  private static boolean isWithin(int index, int size) {
    return index >= 0 && index < size;
  }
}
