package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.training.ParameterStore;
import io.github.convlens.engine.internal.Scratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A function in PyTorch's own language, compiled: any operator that libtorch has can be called
 * through it, with gradients. Threads may share it. Its native memory is freed when it is no longer
 * reachable.
 */
final class TorchScript {
  /** The version of DJL's parameter files, in which a module is preceded by its length. */
  private static final byte VERSION = 1;

  private final byte[] archive;
  private final Function<Exception, RuntimeException> failure;
  private final NDManager owner = Unreachable.newManager(Device.cpu());
  private final ParameterStore none = new ParameterStore(owner, false);

  /** A module is in one mode alone: DJL would switch it to and fro, which threads cannot share. */
  private final Map<Recording, PtSymbolBlock> modules = new ConcurrentHashMap<>();

  private TorchScript(byte[] archive, Function<Exception, RuntimeException> failure) {
    this.archive = archive;
    this.failure = failure;
    Unreachable.close(this, owner);
  }

  /** Whether a run is recorded for gradients. */
  enum Recording {
    /** It is, where the caller records. */
    ON,
    /** It is not, which is faster. */
    OFF
  }

  /**
   * Compiles a class {@code Program} whose {@code forward} takes arrays.
   *
   * @param first how it will run first
   * @param failure what to throw where PyTorch does not take it
   */
  static TorchScript compile(
      String code, Recording first, Function<Exception, RuntimeException> failure) {
    PyTorchEngine.start(progress -> {});
    TorchScript script = new TorchScript(archive(code), failure);
    script.module(first);
    return script;
  }

  /** The file of such a class, which {@code torch.jit.load} opens, too. */
  static byte[] archive(String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ScriptArchive.write(bytes, code, Pickle.emptyModule("Program"), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private PtSymbolBlock module(Recording recording) {
    PtSymbolBlock module = modules.get(recording);
    return module != null ? module : modules.computeIfAbsent(recording, each -> load());
  }

  private PtSymbolBlock load() {
    PtSymbolBlock module = new PtSymbolBlock((PtNDManager) owner);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(file)) {
      out.writeByte(VERSION);
      out.writeLong(archive.length);
      out.write(archive);
      module.loadParameters(
          owner, new DataInputStream(new ByteArrayInputStream(file.toByteArray())));
      return module;
    } catch (IOException | MalformedModelException | ai.djl.engine.EngineException e) {
      throw failure.apply(e);
    }
  }

  /** Runs it. The results belong to the manager of the first array. */
  NDList run(NDList inputs, Recording recording) {
    // DJL packs arrays into maps and lists by what their names look like.
    NDList views = new NDList();
    NDList plain = new NDList();
    for (NDArray input : inputs) {
      boolean isNamed = input.getName() != null;
      NDArray given = isNamed ? Scratch.view(input, input.getManager()) : input;
      given.setName(null);
      plain.add(given);
      if (isNamed) {
        views.add(given);
      }
    }
    try {
      return module(recording).forward(none, plain, recording == Recording.ON);
    } finally {
      views.close();
      Reference.reachabilityFence(this); // its module must not be freed meanwhile
    }
  }
}
