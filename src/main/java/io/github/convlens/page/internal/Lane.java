package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Reach;
import io.github.convlens.layer.Window;
import io.github.convlens.layer.internal.Exact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * One axis of a layer with a window: which positions of the input its outputs meet, and with which
 * taps. The height of a sequence is a lane of one position.
 *
 * <p>A transposed convolution's padding cuts the output, so its input has none.
 *
 * @param input positions of the input
 * @param output positions of the output
 * @param kernel taps
 * @param padBefore positions in front of the input
 * @param padAfter positions behind it
 * @param reach what an output meets
 * @param spread how a transposed convolution spreads its input
 */
record Lane(
    long input,
    long output,
    long kernel,
    long padBefore,
    long padAfter,
    Reach reach,
    Optional<Spread> spread) {
  /** The axis that a sequence lacks. */
  static final Lane SINGLE = new Lane(1, 1, 1, 0, 0, Reach.POINT, Optional.empty());

  /** So many meetings of an output and a tap are listed at most, and so many positions. */
  private static final long MOST_MEETINGS = 1 << 13;

  /**
   * A transposed convolution seen as a convolution: the input with {@code step - 1} zeros between
   * its elements, and {@code before} and {@code after} around it, under a turned kernel that moves
   * one position a step. A negative number cuts off.
   *
   * @param step from one element to the next
   * @param dilation from one tap to the next
   * @param before zeros in front
   * @param after zeros behind
   */
  record Spread(long step, long dilation, long before, long after) {
    static Spread of(ConvTransposeSpec layer, Axis axis) {
      long dilation = layer.dilation().on(axis);
      long around = dilation * (layer.kernel().on(axis) - 1) - layer.padding().on(axis);
      return new Spread(
          layer.stride().on(axis), dilation, around, around + layer.outputPadding().on(axis));
    }
  }

  /** An axis of a layer with a window on this input, whose output has this shape. */
  static Lane of(LayerSpec layer, Axis axis, Shape input, Shape output) {
    long size = axis.of(input);
    long taps = layer.taps().orElseThrow().on(axis);
    Optional<Window> window = layer.windows().map(windows -> windows.on(axis, size));
    return new Lane(
        size,
        axis.of(output),
        taps,
        window.map(Window::padBefore).orElse(0L),
        window.map(Window::padAfter).orElse(0L),
        layer.reach(axis, input).orElseThrow(),
        layer instanceof ConvTransposeSpec transposed
            ? Optional.of(Spread.of(transposed, axis))
            : Optional.empty());
  }

  /** The positions that an output meets, with their taps. */
  Reach.Run run(long at) {
    Reach.Run run = reach.at(at);
    return spread.isPresent() ? run.within(input) : run;
  }

  /** The input's position whose value stands at a position; empty for a number of the padding. */
  OptionalLong source(long position) {
    return reach.inside(position, input);
  }

  /** How many positions of an output's window a mean without the padding, or with it, counts. */
  long counted(long at, long before, long after) {
    return run(at).positions().filter(p -> p >= -before && p < input + after).count();
  }

  /** Whether a script's numbers hold all of it. */
  boolean isUpTo(long largest) {
    Reach.Run first = run(0);
    Reach.Run last = run(output - 1);
    return LongStream.of(
            input,
            output,
            kernel,
            padBefore,
            padAfter,
            first.step(),
            first.tapStep(),
            first.least(),
            last.greatest())
        .allMatch(number -> Math.abs(number) <= largest);
  }

  /** Whether its meetings are few enough to be listed. */
  boolean isListed() {
    return kernel <= MOST_MEETINGS
        && output <= MOST_MEETINGS / kernel
        && end() - from() <= MOST_MEETINGS;
  }

  /** The first position that is drawn. */
  private long from() {
    return -padBefore;
  }

  /** Behind the last position that is drawn: a window may hang over the padding. */
  private long end() {
    Reach.Run last = run(output - 1);
    long over = last.count() == 0 ? 0 : last.greatest() + 1;
    return Math.max(Exact.add(input, padAfter), over);
  }

  /**
   * {@code "input", "output", "kernel", "padBefore", "padAfter"}, then {@code "from"} and {@code
   * "count"} of what is drawn; {@code "sources"}, the input's position behind each of these or -1;
   * {@code "meetings": [[output, tap, position], ..]}; {@code "unread": [[from, count], ..]}; both
   * null where they are too many; {@code "spread"}, null where nothing is transposed.
   */
  void write(JsonWriter json) throws IOException {
    json.name("input").value(input).name("output").value(output).name("kernel").value(kernel);
    json.name("padBefore").value(padBefore).name("padAfter").value(padAfter);
    json.name("from").value(from()).name("count").value(end() - from());
    if (isListed()) {
      sources(json.name("sources"));
      meetings(json.name("meetings"));
      unread(json.name("unread"));
    } else {
      json.name("sources").nullValue().name("meetings").nullValue().name("unread").nullValue();
    }
    json.name("spread");
    if (spread.isPresent() && isListed()) {
      write(json, spread.get());
    } else {
      json.nullValue();
    }
  }

  private void sources(JsonWriter json) throws IOException {
    json.beginArray();
    for (long position = from(); position < end(); position++) {
      json.value(source(position).orElse(-1));
    }
    json.endArray();
  }

  private void meetings(JsonWriter json) throws IOException {
    json.beginArray();
    for (long at = 0; at < output; at++) {
      Reach.Run run = run(at);
      for (long place = 0; place < run.count(); place++) {
        json.beginArray().value(at).value(run.tapAt(place)).value(run.at(place)).endArray();
      }
    }
    json.endArray();
  }

  /** Runs of positions of the input that no output reads. */
  List<long[]> unread() {
    boolean[] read = new boolean[Math.toIntExact(input)];
    for (long at = 0; at < output; at++) {
      run(at).positions().forEach(p -> source(p).ifPresent(from -> read[(int) from] = true));
    }
    List<long[]> runs = new ArrayList<>();
    for (int position = 0; position < read.length; position++) {
      if (!read[position]) {
        boolean goesOn = position > 0 && !read[position - 1];
        if (goesOn) {
          runs.get(runs.size() - 1)[1]++;
        } else {
          runs.add(new long[] {position, 1});
        }
      }
    }
    return runs;
  }

  private void unread(JsonWriter json) throws IOException {
    json.beginArray();
    for (long[] run : unread()) {
      json.beginArray().value(run[0]).value(run[1]).endArray();
    }
    json.endArray();
  }

  /**
   * {@code "from"} and {@code "count"} of the positions, counted from the first one under output 0;
   * {@code "at"}: where each element of the input stands; the {@code "dilation"} of its taps.
   */
  private void write(JsonWriter json, Spread wide) throws IOException {
    long from = Math.min(0, wide.before());
    long size = wide.before() + (input - 1) * wide.step() + 1 + wide.after();
    json.beginObject().name("from").value(from);
    json.name("count").value(Math.max(size, size - wide.after()) - from);
    json.name("dilation").value(wide.dilation());
    json.name("at").beginArray();
    for (long element = 0; element < input; element++) {
      json.value(wide.before() + element * wide.step());
    }
    json.endArray().endObject();
  }

  /** Whether what stands outside of the input is made of it, and no number of its own. */
  boolean hasSources() {
    return reach.outside() != PaddingMode.ZEROS;
  }
}
