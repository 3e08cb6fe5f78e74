package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Numbers that a user sets on the page, and the layer that they mean, written down independently of
 * the page's script.
 *
 * @param type PyTorch's class
 * @param values the controls' ids and what is set
 */
record SetNumbers(String type, Map<String, Long> values, Choices choices) {
  /**
   * What is ticked and chosen.
   *
   * @param flags the ids of ticked boxes
   * @param mode the padding's
   */
  record Choices(Set<String> flags, String mode) {
    static Choices random(String type, Random random) {
      Set<String> flags = new LinkedHashSet<>();
      for (String flag : FLAGS.getOrDefault(type.replaceAll("\\dd", ""), List.of())) {
        if (random.nextInt(4) == 0) {
          flags.add("n-" + flag);
        }
      }
      List<String> modes = List.of("zeros", "zeros", "reflect", "replicate", "circular");
      return new Choices(flags, type.matches("Conv\\dd") ? modes.get(random.nextInt(5)) : "zeros");
    }

    boolean has(String flag) {
      return flags.contains("n-" + flag);
    }
  }

  private static final Map<String, List<String>> FLAGS =
      Map.of(
          "Conv", List.of("bias", "same", "sides"),
          "ConvTranspose", List.of("bias"),
          "MaxPool", List.of("ceil"),
          "AvgPool", List.of("ceil", "count_include_pad"));

  static SetNumbers random(String type, Random random) {
    Choices choices = Choices.random(type, random);
    boolean isSequence = type.endsWith("1d");
    Map<String, Long> values = new LinkedHashMap<>();
    for (String axis : isSequence ? new String[] {"width"} : new String[] {"height", "width"}) {
      values.put("n-inputSize-" + axis, 1L + random.nextInt(12));
      values.put("n-kernel-" + axis, 1L + random.nextInt(5));
      values.put("n-stride-" + axis, random.nextInt(20) == 0 ? 0L : 1L + random.nextInt(4));
      if (!choices.has("same")) {
        values.put("n-padding-" + axis, (long) random.nextInt(3));
        if (choices.has("sides")) {
          values.put("n-after-" + axis, (long) random.nextInt(3));
        }
      }
      if (!type.startsWith("AvgPool")) {
        values.put("n-dilation-" + axis, 1L + random.nextInt(3));
      }
      if (type.startsWith("ConvTranspose")) {
        values.put("n-output_padding-" + axis, (long) random.nextInt(3));
      }
    }
    if (type.startsWith("Conv")) {
      values.put("n-in", 1L + random.nextInt(4));
      values.put("n-out", 1L + random.nextInt(4));
      values.put("n-groups", random.nextInt(3) == 0 ? 2L : 1L);
    }
    return new SetNumbers(type, values, choices);
  }

  /** Other choices, and about one of three numbers another one. */
  SetNumbers changed(Random random) {
    SetNumbers other = random(type, random);
    other.values.replaceAll(
        (id, value) -> random.nextInt(3) == 0 ? value : values.getOrDefault(id, value));
    return other;
  }

  String notation() {
    StringBuilder text = new StringBuilder("nn.").append(type).append('(');
    if (type.startsWith("Conv")) {
      text.append(values.get("n-in")).append(", ").append(values.get("n-out")).append(", ");
    }
    text.append("kernel_size=").append(pair("kernel"));
    text.append(", stride=").append(pair("stride"));
    if (choices.has("same")) {
      text.append(", padding='same'");
    } else if (!isSided()) {
      text.append(", padding=").append(pair("padding"));
    }
    if (type.startsWith("ConvTranspose")) {
      text.append(", output_padding=").append(pair("output_padding"));
    }
    if (!type.startsWith("AvgPool")) {
      text.append(", dilation=").append(pair("dilation"));
    }
    if (type.startsWith("Conv")) {
      text.append(", groups=").append(values.get("n-groups"));
      text.append(", bias=").append(choices.has("bias") ? "True" : "False");
    } else {
      text.append(", ceil_mode=").append(choices.has("ceil") ? "True" : "False");
    }
    if (type.startsWith("AvgPool")) {
      text.append(", count_include_pad=")
          .append(choices.has("count_include_pad") ? "True" : "False");
    }
    if (type.matches("Conv\\dd") && !isSided()) {
      text.append(", padding_mode='").append(choices.mode()).append('\'');
    }
    text.append(')');
    return isSided() ? "nn.Sequential(" + pad() + ", " + text + ")" : text.toString();
  }

  /** Whether the two sides of an axis differ, which is a layer of its own. */
  private boolean isSided() {
    return values.containsKey("n-after-width") && !pair("padding").equals(pair("after"));
  }

  /** PyTorch names the last axis first. */
  private String pad() {
    Map<String, String> names =
        Map.of("zeros", "Zero", "reflect", "Reflection", "replicate", "Replication");
    String sides = values.get("n-padding-width") + ", " + values.get("n-after-width");
    if (!type.endsWith("1d")) {
      sides += ", " + values.get("n-padding-height") + ", " + values.get("n-after-height");
    }
    return "nn."
        + names.getOrDefault(choices.mode(), "Circular")
        + "Pad"
        + type.substring(type.length() - 2)
        + "(("
        + sides
        + "))";
  }

  /** The input: a convolution's takes its channels, a pool's keeps those that it has. */
  Shape input(long channels) {
    long in = values.getOrDefault("n-in", channels);
    long width = values.get("n-inputSize-width");
    return type.endsWith("1d")
        ? new Shape(1, in, width)
        : new Shape(1, in, values.get("n-inputSize-height"), width);
  }

  private String pair(String name) {
    return type.endsWith("1d")
        ? "(" + values.get("n-" + name + "-width") + ",)"
        : "("
            + values.get("n-" + name + "-height")
            + ", "
            + values.get("n-" + name + "-width")
            + ")";
  }
}
