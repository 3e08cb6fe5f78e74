package io.github.convlens.bench;

import java.util.Locale;

/** What a row is measured in. */
enum Unit {
  SECONDS("s", 1),
  MILLISECONDS("ms", 1e3),
  MICROSECONDS("us", 1e6),
  MEBIBYTES("MiB", 1.0 / (1 << 20));

  private final String symbol;
  private final double scale;

  Unit(String symbol, double scale) {
    this.symbol = symbol;
    this.scale = scale;
  }

  /** Median and spread: {@code 0.139 s (0.134..0.151)}. */
  String text(Samples samples) {
    return "%s %s (%s..%s)"
        .formatted(digits(samples.median()), symbol, digits(samples.min()), digits(samples.max()));
  }

  /** Three digits. */
  private String digits(double value) {
    double scaled = value * scale;
    int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(scaled)));
    return String.format(Locale.ROOT, "%." + decimals + "f", scaled);
  }
}
