package io.github.convlens.notation;

import io.github.convlens.layer.LayerSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A layer's name and arguments, as PyTorch's documentation writes them, and how the layer is made.
 *
 * @param type the class's name
 * @param text the arguments as Python declares them: {@code "size, alpha=0.0001"}
 * @param names their names, in positional order
 * @param places the place of each name among them
 * @param defaults their defaults, null where an argument must be given
 * @param axes for how many spatial axes its sizes are
 * @param build makes the layer
 */
record Signature(
    String type,
    String text,
    List<String> names,
    Map<String, Integer> places,
    List<@Nullable Value> defaults,
    int axes,
    Function<Arguments, LayerSpec> build) {

  /** A signature whose defaults are read from the declaration. */
  static Signature of(String type, String text, int axes, Function<Arguments, LayerSpec> build) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    List<@Nullable Value> defaults = new ArrayList<>();
    Parser parser = new Parser(new Source(text));
    Lexer lexer = parser.lexer;
    while (lexer.token != Lexer.Token.END) {
      places.put(lexer.word(), names.size());
      names.add(lexer.word());
      lexer.advance();
      defaults.add(lexer.accept('=') ? parser.expressions.value() : null);
      lexer.accept(',');
    }
    return new Signature(type, text, names, places, defaults, axes, build);
  }

  /** Lazy layers print the channels that they do not know yet as a 0 in front. */
  boolean isLazy() {
    return type.startsWith("Lazy");
  }

  /** Whether there is an argument that must be given. */
  boolean needsArguments() {
    return defaults.contains(null);
  }

  /** An argument's number; -1 for a name that is none. */
  int indexOf(String name) {
    return places.getOrDefault(name, -1);
  }

  /** How the layer is written, without what concerns only a tensor's storage. */
  String usage() {
    return type + "(" + text.replace(", device=None, dtype=None", "") + ")";
  }
}
