package io.github.convlens.notation;

import io.github.convlens.layer.LayerSpec;
import java.util.List;

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

  /** Something with layers inside, by their names. */
  record Block(String type, List<Named> children, int position) implements Part {
    public Block {
      children = List.copyOf(children);
    }
  }

  /** A part and its name in the one around it. */
  record Named(String name, Part part) {}
}
