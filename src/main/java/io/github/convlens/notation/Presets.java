package io.github.convlens.notation;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.notation.internal.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Well-known networks, each a text in PyTorch's notation that says where it comes from. */
public final class Presets {
  private static final List<String> NAMES =
      List.of(
          "lenet",
          "alexnet",
          "vgg11",
          "vgg16",
          "nin",
          "googlenet",
          "resnet18",
          "resnet50",
          "densenet121",
          "mobilenet_v2",
          "squeezenet1_0");

  private static final String INPUT = "# input: ";

  private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

  private Presets() {}

  /** The names: LeNet first, then by family. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The network's text, for {@link PyTorch#parse}.
   *
   * @throws IllegalArgumentException if there is no network of this name
   */
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw unknown(name);
    }
    return TEXTS.computeIfAbsent(name, Presets::read);
  }

  private static String read(String name) {
    try (InputStream in = Presets.class.getResourceAsStream("nets/" + name + ".txt")) {
      if (in == null) {
        throw new IllegalStateException("the resource nets/" + name + ".txt is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The input that the network was made for: {@code (1, 3, 224, 224)}, from its text's line {@code
   * # input: 1x3x224x224}.
   *
   * @throws IllegalArgumentException if there is no network of this name
   */
  public static Shape input(String name) {
    String text = text(name);
    int line = text.indexOf(INPUT);
    if (line < 0) {
      throw new IllegalStateException(name + " does not tell its input");
    }
    int start = line + INPUT.length();
    String[] sizes = text.substring(start, text.indexOf('\n', start)).split("x", -1);
    long[] shape = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      shape[i] = Long.parseLong(sizes[i]);
    }
    return new Shape(shape);
  }

  private static IllegalArgumentException unknown(String name) {
    String nearest = Nearest.of(name, NAMES).map(n -> "Did you mean " + n + "? ").orElse("");
    return new IllegalArgumentException(
        "there is no network called "
            + name
            + ".\n"
            + nearest
            + "There are "
            + String.join(", ", NAMES)
            + ".");
  }

  /**
   * The preset that is meant by a name that is none: the first that begins with it, {@code resnet},
   * or else the nearest one; empty where none is near.
   */
  public static Optional<String> nearest(String name) {
    return names().stream()
        .filter(preset -> name.length() > 2 && preset.startsWith(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .or(() -> Nearest.of(name, names()));
  }
}
