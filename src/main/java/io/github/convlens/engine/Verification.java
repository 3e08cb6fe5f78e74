package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.ShapeText;
import java.util.List;
import java.util.Locale;

/**
 * A network run layer by layer: each output's shape held against the arithmetic, and its values
 * against something that does not share the engine's code or its rounding.
 *
 * @param checks one for each layer, in the order in which they run
 */
public record Verification(List<Check> checks) {

  /** What the values of a layer were compared with. */
  public enum Reference {
    /** Every element with the layer's definition in plain Java, in float64. */
    PLAIN_JAVA("plain Java"),
    /** A thousand elements with the definition in plain Java, in float64. */
    SAMPLE("plain Java, 1000 elements"),
    /** Every element with the same layer run in float64, and a sample with plain Java. */
    FLOAT64("float64"),
    /** Nothing: only the shape was compared. */
    SHAPE("shape only");

    private final String words;

    Reference(String words) {
      this.words = words;
    }

    /** For people: {@code plain Java}. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * One layer's result.
   *
   * @param path the layer's path in the network; empty where the network is one layer
   * @param layer the layer
   * @param expected the output's shape by the arithmetic
   * @param actual the output's shape on the engine
   * @param reference what the values were compared with
   * @param difference the largest absolute difference; NaN if one side is not a number
   * @param tolerance the largest difference that rounding explains: see {@link Verification#of}
   */
  public record Check(
      String path,
      LayerSpec layer,
      Shape expected,
      Shape actual,
      Reference reference,
      double difference,
      double tolerance) {
    /** Whether shape and values agree. */
    public boolean agrees() {
      return expected.equals(actual) && difference <= tolerance;
    }
  }

  /** Takes a copy of the list. */
  public Verification {
    checks = List.copyOf(checks);
  }

  /**
   * Builds a network with first weights, feeds it random numbers, and checks every layer on what
   * the layer before it made.
   *
   * <p>A sum of {@code n} products may differ by {@code 4 x n x u x largest |input| x largest
   * |weight| + 2 x u x largest |output|}, where {@code u} is the precision's {@link
   * Precision#roundoff()} (on CUDA 2^-11 for convolutions in float32, which run in TF32 there); a
   * mean of {@code n} numbers by {@code 4 x sqrt(n) x u x largest |input| + 2 x u x largest
   * |output|}; maxima must be equal; other layers may differ by {@code 64 x u x (1 + largest
   * |input| + largest |output|)}. For float32, 27 products of numbers up to 1 with weights up to
   * 0.19: 1.2e-6.
   *
   * @param network a resolved network
   * @param manager on whose device to run; nothing stays in it
   * @param precision the number type to run in
   * @param input the input's shape, batch axis first
   * @param seed decides weights and input
   * @throws io.github.convlens.layer.ShapeException if the network cannot take the input
   */
  public static Verification of(
      LayerSpec network, NDManager manager, Precision precision, Shape input, long seed) {
    network.output(input);
    try (NDManager own = manager.newSubManager()) {
      Block block = LayerBlocks.of(network);
      PyTorchInit.seeded(seed).initialize(block, own, precision, input);
      return of(network, block, RandomInput.of(own, precision, input, seed));
    }
  }

  /**
   * The same for a block that has weights and an input that is there.
   *
   * @param network the layer that {@code block} was made of
   * @param block {@code LayerBlocks.of(network)}, initialised or loaded
   * @param input the input, batch axis first; it is not changed, nothing stays in its manager
   */
  public static Verification of(LayerSpec network, Block block, NDArray input) {
    return new Verification(Verifier.run(network, block, input));
  }

  /** Whether every layer agrees. */
  public boolean agrees() {
    return checks.stream().allMatch(Check::agrees);
  }

  /** A line for each layer, and one that sums up. */
  @Override
  public String toString() {
    Table table =
        new Table(
            Table.Side.LEFT,
            Table.Side.LEFT,
            Table.Side.RIGHT,
            Table.Side.LEFT,
            Table.Side.RIGHT,
            Table.Side.RIGHT,
            Table.Side.LEFT);
    table.row("path", "layer", "output", "compared with", "difference", "tolerance", "");
    for (Check check : checks) {
      boolean compared = check.reference != Reference.SHAPE;
      table.row(
          check.path,
          check.layer.type(),
          ShapeText.crossed(check.actual),
          check.reference.toString(),
          compared ? number(check.difference) : "",
          compared ? number(check.tolerance) : "",
          verdict(check));
    }
    long wrong = checks.stream().filter(check -> !check.agrees()).count();
    return table
        + "\n"
        + (wrong == 0
            ? "all " + checks.size() + " layers agree"
            : wrong + " of " + checks.size() + " layers disagree");
  }

  private static String verdict(Check check) {
    if (check.agrees()) {
      return "agrees";
    }
    return check.expected.equals(check.actual)
        ? "DISAGREES"
        : "DISAGREES: expected " + ShapeText.crossed(check.expected);
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
