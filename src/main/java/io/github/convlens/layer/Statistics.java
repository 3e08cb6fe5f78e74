package io.github.convlens.layer;

/** Where a normalisation takes mean and variance from when it is not training. */
public enum Statistics {
  /** From running averages, kept while training ({@code track_running_stats=True}). */
  RUNNING,
  /** From the input itself, always ({@code track_running_stats=False}). */
  INPUT
}
