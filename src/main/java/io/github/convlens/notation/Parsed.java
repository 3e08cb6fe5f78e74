package io.github.convlens.notation;

import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.Printable;
import java.util.List;

/**
 * What a text says.
 *
 * @param layer the layer, or the composition of all layers of the text
 * @param notes what had to be assumed in reading it, a sentence or two each, for the user to check
 */
public record Parsed(LayerSpec layer, List<String> notes) {
  /** Takes a copy of the list, its texts made fit to be shown. */
  public Parsed {
    notes = notes.stream().map(Printable::message).toList();
  }
}
