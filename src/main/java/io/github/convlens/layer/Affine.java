package io.github.convlens.layer;

/** The learned scale and shift of a normalisation. */
public enum Affine {
  /** A scale and a shift for each normalised element or channel (PyTorch's default). */
  SCALE_AND_SHIFT,
  /** A scale alone. */
  SCALE,
  /** Nothing is learned. */
  NONE;

  /** The number of learned scales. */
  public long scales(long elements) {
    return this == NONE ? 0 : elements;
  }

  /** The number of learned shifts. */
  public long shifts(long elements) {
    return this == SCALE_AND_SHIFT ? elements : 0;
  }
}
