package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.convlens.program.ProgramException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * A function in PyTorch's own language, compiled: any operator that libtorch has can be called
 * through it, with gradients. Threads may share it.
 */
final class TorchScript {
  private final PtSymbolBlock module;

  private TorchScript(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Compiles a class {@code Program} whose {@code forward} takes arrays.
   *
   * @throws ProgramException if this PyTorch has no operator that it calls
   */
  static TorchScript compile(String code) {
    PyTorchEngine.start(progress -> {});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ScriptArchive.write(bytes, code, Pickle.emptyModule("Program"), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NDManager owner = Unreachable.newManager(Device.cpu());
    try {
      PtSymbolBlock module =
          JniUtils.loadModule(
              (PtNDManager) owner, new ByteArrayInputStream(bytes.toByteArray()), false, false);
      TorchScript script = new TorchScript(module);
      Unreachable.close(script, owner);
      return script;
    } catch (IOException | ai.djl.engine.EngineException e) {
      owner.close();
      throw ScriptFailure.explain(e);
    }
  }

  /** Whether a run is recorded for gradients. */
  enum Recording {
    /** It is, where the caller records. */
    ON,
    /** It is not, which is faster. */
    OFF
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
      return IValueUtils.forward(module, plain, recording == Recording.ON);
    } finally {
      views.close();
    }
  }
}
