package io.github.convlens.layer;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.internal.Exact;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis cut into parts, each an output: {@code torch.split} with sizes, or {@code torch.chunk}.
 *
 * @param dim the axis; 1 is the channels; negative numbers count from the end
 * @param parts how it is cut
 */
public record SplitSpec(int dim, Parts parts) implements LayerSpec {
  /** How an axis is cut. */
  public sealed interface Parts {
    /** The sizes of the parts of an axis. */
    List<Long> of(long size);

    /**
     * Parts of these sizes, whose sum is the axis.
     *
     * @param sizes each at least 1; one may be -1, and is then what is left
     */
    record Sizes(List<Long> sizes) implements Parts {
      private static final Long REST = -1L;

      /**
       * Takes a copy of the list.
       *
       * @throws ShapeException if a size is below 1, but for one -1
       */
      public Sizes {
        sizes = List.copyOf(sizes);
        List<Long> given = new ArrayList<>(sizes);
        given.remove(REST);
        given.forEach(size -> Require.positive(size, "split_size"));
      }

      @Override
      public List<Long> of(long size) {
        int rest = sizes.indexOf(REST);
        long given = sizes.stream().reduce(rest < 0 ? 0L : 1L, Exact::add);
        if (rest < 0 ? given != size : given >= size) {
          throw ShapeException.of(
              "the sizes of a split must make up the axis",
              "They are " + sizes + " and the axis has " + size + ".",
              "Use sizes whose sum is " + size + ".");
        }
        if (rest < 0) {
          return sizes;
        }
        List<Long> all = new ArrayList<>(sizes);
        all.set(rest, size - given);
        return all;
      }
    }

    /**
     * So many parts of equal size; the last may be smaller, and fewer come where there is not
     * enough: {@code ceil(size / number)} each.
     *
     * @param number at least 1
     */
    record Chunks(long number) implements Parts {
      /**
       * Checks the number.
       *
       * @throws ShapeException if it is below 1
       */
      public Chunks {
        Require.positive(number, "chunks");
      }

      @Override
      public List<Long> of(long size) {
        long each = Math.max(1, -Math.floorDiv(-size, number));
        List<Long> parts = new ArrayList<>();
        for (long rest = size; rest > 0; rest -= each) {
          parts.add(Math.min(each, rest));
        }
        return parts;
      }
    }
  }

  @Override
  public String type() {
    return parts instanceof Parts.Chunks ? "chunk" : "split";
  }

  @Override
  public Shape output(Shape input) {
    return outputs(List.of(input)).get(0);
  }

  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    Shape input = Require.one(inputs);
    int axis = Require.axis(dim, input, "dim");
    List<Shape> outputs = new ArrayList<>();
    for (long part : parts.of(input.get(axis))) {
      long[] sizes = input.getShape().clone();
      sizes[axis] = part;
      outputs.add(new Shape(sizes));
    }
    return outputs;
  }

  /** A part starts behind those in front of it. */
  @Override
  public Passage passage(int axis, List<Shape> inputs, int index, int output) {
    Shape input = inputs.get(index);
    if (axis != Require.axis(dim, input, "dim")) {
      return Passage.point(axis);
    }
    long before = parts.of(input.get(axis)).subList(0, output).stream().reduce(0L, Exact::add);
    return new Passage.To(axis, Reach.shifted(before, PaddingMode.ZEROS));
  }

  @Override
  public boolean keepsBatchAxis() {
    return dim != 0;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  @Override
  public String toString() {
    Call call = Call.of(type());
    if (parts instanceof Parts.Chunks chunks) {
      call.with(chunks.number());
    } else if (parts instanceof Parts.Sizes sizes) {
      call.with(sizes.sizes());
    }
    return call.with("dim", dim).toString();
  }
}
