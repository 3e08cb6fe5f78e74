package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import io.github.convlens.engine.Verification;
import io.github.convlens.engine.internal.Timing;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The answers of {@code convlens run} for people, each as soon as it is there. */
record RunText(PrintWriter out) implements RunForm {
  @Override
  public void output(String shape, NDArray output) {
    out.println(shape);
    out.println(RangeOf.numbers(output));
  }

  @Override
  public void classes(List<List<TopClasses.Share>> inputs) {
    for (int input = 0; input < inputs.size(); input++) {
      if (inputs.size() > 1) {
        out.println("input " + input + ":");
      }
      List<TopClasses.Share> best = inputs.get(input);
      int most = best.stream().mapToInt(TopClasses.Share::index).max().orElse(0);
      int width = String.valueOf(most).length();
      for (TopClasses.Share each : best) {
        out.println(line(each, width));
      }
    }
  }

  /** {@code 0.4213 class 281 tabby}. */
  private static String line(TopClasses.Share share, int width) {
    String number =
        String.format(
            Locale.ROOT, "%.4f  class %" + width + "d", share.probability(), share.index());
    return share.name().map(name -> number + "  " + name).orElse(number);
  }

  @Override
  public void verification(Verification verification) {
    out.println();
    out.println(verification);
  }

  @Override
  public void timing(String layout, Timing timing) {
    String label = layout.isEmpty() ? "" : String.format(Locale.ROOT, "%-16s", layout + ":");
    out.println(label + timing);
  }

  @Override
  public void end() {}
}
