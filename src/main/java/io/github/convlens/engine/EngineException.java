package io.github.convlens.engine;

/**
 * The engine or a device cannot be had. The message says what is missing, what was looked for and
 * found, and what to do about it.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure without a cause that says more. */
  public EngineException(String message) {
    super(message);
  }

  /** A failure of the engine itself. */
  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
