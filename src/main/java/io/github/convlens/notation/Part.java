package io.github.convlens.notation;

import io.github.convlens.layer.LayerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a text says, before it is known what runs: layers, and what has layers inside. */
sealed interface Part {
  /** The class's name. */
  String type();

  /** Where it stands in the text. */
  int position();

  /** A layer. */
  record Leaf(LayerSpec layer, int position) implements Part {
    @Override
    public String type() {
      return layer.type();
    }
  }

  /**
   * Something with layers inside, by their names.
   *
   * @param type the class's name
   * @param base the layer that the class is a kind of, made of the numbers that it shows
   * @param own what it shows of itself besides its children, by name or by place: {@code
   *     pool_type=avg}; empty where a base has read it
   * @param children its layers
   * @param position where it stands in the text
   */
  record Block(
      String type,
      Optional<LayerSpec> base,
      Map<String, Value> own,
      List<Named> children,
      int position)
      implements Part {
    public Block {
      own = Map.copyOf(own);
      children = List.copyOf(children);
    }

    /** One that shows children alone. */
    static Block of(String type, List<Named> children, int position) {
      return new Block(type, Optional.empty(), Map.of(), children, position);
    }
  }

  /** A part and its name in the one around it. */
  record Named(String name, Part part) {}
}
