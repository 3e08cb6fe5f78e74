package io.github.convlens.layer;

/** What happens where a stride does not divide the way that a pooling window has to go. */
public enum Rounding {
  /** The last, incomplete step is dropped (PyTorch's default). */
  FLOOR,
  /** A last window may hang over the end, if it starts inside the input or its left padding. */
  CEIL,
  /** A print of an average pool does not show which: taken for {@link #FLOOR}, which is said. */
  UNSHOWN;

  /** How PyTorch spells it. */
  @Override
  public String toString() {
    return this == CEIL ? "ceil_mode=True" : "ceil_mode=False";
  }
}
