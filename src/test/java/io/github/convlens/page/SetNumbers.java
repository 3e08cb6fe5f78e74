package io.github.convlens.page;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Numbers that a user sets on the page, and the layer that they mean, written down independently of
 * the page's script.
 *
 * @param type PyTorch's class
 * @param values the controls' ids and what is set
 */
record SetNumbers(String type, Map<String, Long> values) {
  static SetNumbers random(String type, Random random) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String axis : new String[] {"height", "width"}) {
      values.put("n-inputSize-" + axis, 1L + random.nextInt(12));
      values.put("n-kernel-" + axis, 1L + random.nextInt(5));
      values.put("n-stride-" + axis, random.nextInt(20) == 0 ? 0L : 1L + random.nextInt(4));
      values.put("n-padding-" + axis, (long) random.nextInt(3));
      if (!type.equals("AvgPool2d")) {
        values.put("n-dilation-" + axis, 1L + random.nextInt(3));
      }
      if (type.equals("ConvTranspose2d")) {
        values.put("n-output_padding-" + axis, (long) random.nextInt(3));
      }
    }
    if (type.startsWith("Conv")) {
      values.put("n-in", 1L + random.nextInt(4));
      values.put("n-out", 1L + random.nextInt(4));
      values.put("n-groups", random.nextInt(3) == 0 ? 2L : 1L);
    }
    return new SetNumbers(type, values);
  }

  String notation() {
    StringBuilder text = new StringBuilder("nn.").append(type).append('(');
    if (type.startsWith("Conv")) {
      text.append(values.get("n-in")).append(", ").append(values.get("n-out")).append(", ");
    }
    text.append("kernel_size=").append(pair("kernel"));
    text.append(", stride=").append(pair("stride"));
    text.append(", padding=").append(pair("padding"));
    if (values.containsKey("n-output_padding-height")) {
      text.append(", output_padding=").append(pair("output_padding"));
    }
    if (values.containsKey("n-dilation-height")) {
      text.append(", dilation=").append(pair("dilation"));
    }
    if (type.startsWith("Conv")) {
      text.append(", groups=").append(values.get("n-groups"));
    }
    return text.append(')').toString();
  }

  /** The input: a convolution's takes its channels, a pool's keeps those that it has. */
  Shape input(long channels) {
    return new Shape(
        1,
        values.getOrDefault("n-in", channels),
        values.get("n-inputSize-height"),
        values.get("n-inputSize-width"));
  }

  private String pair(String name) {
    return "("
        + values.get("n-" + name + "-height")
        + ", "
        + values.get("n-" + name + "-width")
        + ")";
  }
}
