package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.engine.Verification;
import io.github.convlens.engine.internal.ChannelsLast;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.engine.internal.Timing;
import io.github.convlens.file.internal.UnwritableException;
import io.github.convlens.notation.InputSize;
import io.github.convlens.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code convlens run} does on the engine, step by step, once the request is known to be
 * right.
 */
final class EngineRun implements AutoCloseable {
  private final Trace trace;
  private final InputSize size;
  private final Precision precision;
  private final long seed;
  private final RunForm form;
  private final PrintWriter err;
  private final NDManager manager;
  private final Block block;
  private final NDArray input;
  private final Layout layout;

  /** How a picture's numbers lie in memory. */
  enum Layout {
    /** Channel by channel (NCHW). */
    CHANNELS_FIRST,
    /** Pixel by pixel (NHWC). */
    CHANNELS_LAST
  }

  /** A network and what is fed to it. */
  record Request(
      Trace trace,
      InputSize size,
      Precision precision,
      long seed,
      Layout layout,
      @Nullable PictureInput picture,
      @Nullable FileInput file,
      @Nullable WeightsOption weights) {}

  /** Starts the engine, gives the network its weights and makes the input. */
  EngineRun(Request request, DeviceOption device, RunForm form, PrintWriter err)
      throws IOException {
    trace = request.trace;
    size = request.size;
    precision = request.precision;
    seed = request.seed;
    layout = request.layout;
    this.form = form;
    this.err = err;
    Device chosen = device.select(err);
    manager = Engine.getEngine(PyTorchEngine.NAME).newBaseManager(chosen);
    try {
      block = LayerBlocks.of(trace.network(), precision);
      PyTorchInit.seeded(seed).initialize(block, manager, precision, trace.input());
      if (request.weights != null) {
        request.weights.writeInto(block);
      }
      input = numbers(request);
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private NDArray numbers(Request request) {
    NDArray numbers;
    if (request.file != null) {
      numbers = request.file.array(manager);
    } else if (request.picture != null) {
      numbers = request.picture.array(manager, precision, trace.input());
    } else {
      numbers = RandomInput.of(manager, precision, trace.network(), 0, seed);
    }
    if (layout == Layout.CHANNELS_FIRST) {
      return numbers;
    }
    try (numbers) {
      return ChannelsLast.of(numbers);
    }
  }

  /**
   * Runs the network and tells the output's shape and range; keeps the output and the maps that are
   * wanted.
   */
  void forward(
      @Nullable OutputFile file, @Nullable Path folder, @Nullable String layerPath, TopClasses top)
      throws IOException {
    SavedMaps maps = new SavedMaps(layerPath);
    try (NDArray output =
        folder == null
            ? LayerBlocks.forward(block, input)
            : LayerBlocks.forward(block, input, maps)) {
      if (!output.getShape().equals(trace.output())) {
        throw new EngineException(
            "the engine made "
                + output.getShape()
                + " where the arithmetic says "
                + trace.output()
                + ", which is a fault of ours. Please report it.");
      }
      if (file != null) {
        SavedArrays.write(List.of(output), file);
      }
      if (folder != null) {
        write(maps, folder);
      }
      form.output(size.answer(trace.network().graph(), output.getShape()), output);
      top.tell(trace.network().graph(), new NDList(output), form);
    }
  }

  private void write(SavedMaps maps, Path folder) throws IOException {
    try {
      int saved = maps.write(folder);
      err.println("note: " + saved + " feature map(s) written to " + folder);
    } catch (UnwritableException e) {
      if (e.isMisplaced()) {
        throw new RequestException("option --save-maps: " + e.getMessage());
      }
      throw e;
    }
  }

  /** Tells each layer's check; answers whether all agree. */
  boolean verify() {
    RunProgress progress =
        RunProgress.verifying(trace.rows().size(), "layer", err, System::nanoTime);
    Verification verification = Verification.of(block, new NDList(input), progress);
    form.verification(verification);
    return verification.agrees();
  }

  /** Tells the median of so many runs, in both memory layouts if channels-last was asked for. */
  void time(int runs) {
    if (layout == Layout.CHANNELS_FIRST) {
      form.timing("", timing(input, runs));
      return;
    }
    try (NDArray row = input.reshape(-1);
        NDArray first = row.reshape(input.getShape())) {
      form.timing("channels first", timing(first, runs));
    }
    form.timing("channels last", timing(input, runs));
  }

  private Timing timing(NDArray numbers, int runs) {
    RunProgress progress =
        RunProgress.timing(runs, " in " + precision + threads(), err, System::nanoTime);
    return Timing.of(block, trace.totals().cost(), new NDList(numbers), runs, progress);
  }

  private String threads() {
    int threads = PyTorchEngine.threads();
    boolean cpu = manager.getDevice().equals(Device.cpu());
    return cpu ? " with " + threads + (threads == 1 ? " thread" : " threads") : "";
  }

  @Override
  public void close() {
    manager.close();
  }
}
