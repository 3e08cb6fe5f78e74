package io.github.convlens.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Thousands of tiny convolutions: the engine's threads would only wait for each other. */
final class OneThread implements BeforeAllCallback, AfterAllCallback {
  private int threads;

  @Override
  public void beforeAll(ExtensionContext context) {
    Engine.getInstance();
    threads = JniUtils.getNumThreads();
    JniUtils.setNumThreads(1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    JniUtils.setNumThreads(threads);
  }
}
