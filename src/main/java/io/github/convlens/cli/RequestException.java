package io.github.convlens.cli;

/** A request that cannot be answered, for a reason that is neither notation nor shape. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RequestException(String message) {
    super(message);
  }

  RequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
