package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.Precision;
import io.github.convlens.graph.Edge;
import io.github.convlens.graph.Node;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.MaxPoolSpec;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.internal.Exact;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Refuses what cannot fit before the engine tries: a process that asks for more memory than there
 * is may be killed by the operating system instead of failing.
 */
final class MemoryLimits {
  /** What fits into a buffer of 2 GiB as float32. */
  private static final long LARGEST_ARRAY = (1L << 29) - 1;

  /** What the engine and Java take before they have numbers, in bytes. */
  private static final long ENGINE = 300_000_000;

  private static final int KILO = 1024;
  private static final int FLOAT = 4;
  private static final int BLOCK = 16;
  private static final int CHANNELS = 1;

  private MemoryLimits() {}

  /** What of the layers' outputs is kept. */
  enum Held {
    /** What later layers read. */
    NEEDED,
    /** What all calls read and make, to be compared afterwards. */
    ALL
  }

  static void check(Trace trace, Precision precision, Held held) {
    long ends = Math.max(Exact.elements(trace.input()), Exact.elements(trace.output()));
    if (ends > LARGEST_ARRAY) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "the input or the output is too large to be handed to the engine or taken from it.%n"
                  + "It has %,d numbers; DJL moves at most %,d at once.%n"
                  + "Use a smaller input.",
              ends,
              LARGEST_ARRAY));
    }
    long kept =
        held == Held.NEEDED
            ? 0
            : trace.rows().stream().map(MemoryLimits::ends).reduce(0L, Exact::add);
    long bytes = Exact.add(bytes(trace, precision), Exact.multiply(FLOAT, kept));
    long memory = memory();
    if (bytes > memory) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "this may not fit into memory.%n"
                  + "It takes up to %.1f GB%s; there are %.1f GB.%n"
                  + "Use a smaller batch or input (half the height and width take a quarter), or"
                  + " fewer channels.",
              bytes / 1e9,
              largest(trace, precision),
              memory / 1e9));
    }
  }

  /**
   * An upper bound of the memory that a forward pass takes, in bytes: the engine itself, weights,
   * the largest layer with the engine's own copies of its input and output, what waits for later
   * layers, and the copies through which numbers go in and out. Measured on a dozen layers, it is
   * 1.05 to 1.8 times what they took.
   */
  static long bytes(Trace trace, Precision precision) {
    long width = precision.dataType().getNumOfBytes();
    long input = Exact.elements(trace.input());
    long output = Exact.elements(trace.output());
    long running = 0;
    long mostParameters = 0;
    for (Row row : trace.rows()) {
      running = Math.max(running, numbers(row, precision));
      mostParameters = Math.max(mostParameters, row.parameters());
    }
    long reading =
        Exact.add(
            Exact.multiply(width, Exact.add(input, output)),
            Exact.multiply(precision == Precision.FLOAT32 ? FLOAT : 2 * FLOAT, output));
    long held = Exact.add(running, waiting(trace.network()));
    long layers = Math.max(Exact.multiply(width, held), reading);
    long weights =
        Exact.add(
            Exact.multiply(width, trace.totals().parameters()),
            Exact.multiply(FLOAT, mostParameters));
    long copies = precision == Precision.BFLOAT16 ? 2 : 1; // there the input is rounded, too
    long given = Exact.multiply(copies * FLOAT, input);
    return Exact.add(Exact.add(ENGINE, weights), Exact.add(given, layers));
  }

  /** The most numbers that wait for a later layer while another runs; the input is always kept. */
  private static long waiting(Shaped network) {
    List<Node> nodes = network.graph().nodes();
    int[] lastRead = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      for (Edge edge : nodes.get(i).inputs()) {
        if (edge instanceof Edge.OfNode from) {
          lastRead[from.node()] = i;
        }
      }
    }
    long[] done = new long[nodes.size() + 1];
    long waiting = Exact.elements(network.input());
    long most = nodes.size() > 1 ? waiting : 0;
    for (int i = 0; i < nodes.size(); i++) {
      waiting -= done[i]; // what this layer reads for the last time is part of what it takes
      most = i == 0 ? most : Math.max(most, waiting);
      if (lastRead[i] > i + 1) {
        long made =
            network.shapes().get(i).stream().mapToLong(Exact::elements).reduce(0, Exact::add);
        waiting = Exact.add(waiting, made);
        done[lastRead[i]] = Exact.add(done[lastRead[i]], made);
      }
    }
    return most;
  }

  /** {@code , 21.6 GB of it for layer features.0, Conv2d}. */
  private static String largest(Trace trace, Precision precision) {
    Row most =
        Collections.max(
            trace.rows(), Comparator.comparingLong((Row row) -> numbers(row, precision)));
    long bytes = Exact.multiply(numbers(most, precision), precision.dataType().getNumOfBytes());
    return String.format(
        Locale.ROOT,
        ", %.1f GB of it for %s",
        bytes / 1e9,
        most.path().isEmpty() ? most.type() : "layer " + most.path() + ", " + most.type());
  }

  private static long ends(Row row) {
    return row.inputs().stream()
        .mapToLong(Exact::elements)
        .reduce(Exact.elements(row.output()), Exact::add);
  }

  /** The numbers that there are while a layer runs. */
  private static long numbers(Row row, Precision precision) {
    long ends = ends(row);
    if (precision == Precision.BFLOAT16) {
      // Beside the float32 that stand for it: what it is rounded to, and what comes out.
      return Exact.add(ends, Exact.add(ends, copies(row, precision)) / 2);
    }
    return Exact.add(ends, copies(row, precision));
  }

  /**
   * What a layer has beside its ends. Of convolutions, in float32 oneDNN lays channels out in
   * blocks, 16 on processors with AVX-512, also where there is one channel; a first layer reads a
   * picture as it lies, unless its kernel is 1x1. In other precisions PyTorch lays what a kernel
   * reads at each position side by side, or writes where it is transposed; in bfloat16 the
   * processor decides which it is.
   */
  private static long copies(Row row, Precision precision) {
    if (row.layer() instanceof ConvSpec layer) {
      long taps = layer.window().kernel().area();
      long border = layer.paddingMode() == PaddingMode.ZEROS ? 0 : Exact.elements(row.input());
      boolean isPicture = layer.inChannels() <= 3 && taps > 1;
      long blocks = isPicture ? blocked(row.output()) : blocks(row);
      long channels = Exact.multiply(taps, layer.inChannels() / layer.groups());
      long columns = Exact.multiply(channels, positions(row.output()));
      return Exact.add(border, copies(precision, blocks, columns));
    }
    if (row.layer() instanceof ConvTransposeSpec layer) {
      long channels = Exact.multiply(layer.kernel().area(), layer.outChannels() / layer.groups());
      return copies(precision, blocks(row), Exact.multiply(channels, positions(row.input())));
    }
    if (row.layer() instanceof MaxPoolSpec) { // where each maximum is: PyTorch finds that, too
      int width = precision == Precision.BFLOAT16 ? 2 : precision.dataType().getNumOfBytes();
      return Exact.multiply(Long.BYTES / width, Exact.elements(row.output()));
    }
    return 0;
  }

  private static long copies(Precision precision, long blocks, long columns) {
    return switch (precision) {
      case FLOAT32 -> blocks;
      case BFLOAT16 -> Math.max(blocks, columns);
      case FLOAT16, FLOAT64 -> columns;
    };
  }

  private static long blocks(Row row) {
    return Exact.add(blocked(row.input()), blocked(row.output()));
  }

  private static long positions(Shape shape) {
    return Exact.elements(shape) / shape.get(CHANNELS);
  }

  private static long blocked(Shape shape) {
    long channels = Exact.multiply(BLOCK, (shape.get(CHANNELS) - 1) / BLOCK + 1);
    return Exact.multiply(channels, positions(shape));
  }

  /**
   * What this process may take, in bytes: where Linux says what others leave, no more than that.
   */
  private static long memory() {
    long total =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Long.MAX_VALUE;
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KILO)
          .reduce(total, Math::min);
    } catch (IOException | UncheckedIOException e) {
      return total;
    }
  }
}
