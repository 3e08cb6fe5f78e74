package io.github.convlens.engine.internal;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import io.github.convlens.engine.PyTorchEngine;

/**
 * DJL's PyTorch engine, started as {@link PyTorchEngine} starts it, in the place of DJL's own
 * provider.
 *
 * <p>DJL makes one of each provider on the class path before it does anything else, so this is in
 * time for a program whose first call is DJL's: {@code NDManager.newBaseManager()}.
 */
public final class PyTorchProvider implements EngineProvider {
  private static final int RANK = 2; // as DJL's own

  /** For DJL's service loader. */
  public PyTorchProvider() {
    DjlSettings.apply();
    Engine.getAllEngines().remove(PyTorchEngine.NAME);
    Engine.registerEngine(this);
  }

  @Override
  public String getEngineName() {
    return PyTorchEngine.NAME;
  }

  @Override
  public int getEngineRank() {
    return RANK;
  }

  @Override
  public Engine getEngine() {
    return PyTorchEngine.start(line -> {});
  }
}
