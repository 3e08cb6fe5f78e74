package io.github.convlens.engine;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.convlens.engine.internal.RandomInput;
import io.github.convlens.graph.Shaped;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Locale;

/**
 * A network run layer by layer: each output's shape held against the arithmetic, and its values
 * against the layer's definition, written down in plain loops over {@code double}s that share no
 * code with the engine's blocks. A definition reads what the engine's layer has read, so an error
 * shows in the row where it is made. Functions such as the sum of two branches are rows, too; what
 * makes several outputs has a row for each.
 *
 * <p>Where the loops would take longer than some tenths of a second, a random sample of the
 * output's positions is compared; a row says how many. Every kind of layer has a definition; calls
 * of a program that have none are counted as not compared.
 *
 * @param checks one for each output of each layer, in the order in which they run
 */
public record Verification(List<Check> checks) {

  /**
   * One layer's result.
   *
   * @param path the layer's path in the network; empty where the network is one layer
   * @param layer the layer
   * @param expected the output's shape by the arithmetic
   * @param actual the output's shape on the engine
   * @param compared at how many positions of the output the definition was computed; 0 if the
   *     shapes differ, or if there is no definition
   * @param difference the absolute difference at the position that lies farthest from its
   *     definition, as a share of the tolerance there; NaN if one side is not a number
   * @param tolerance the largest difference that rounding explains at that position: see {@link
   *     Verification#of(Shaped, NDManager, Precision, long)}
   */
  public record Check(
      String path,
      LayerSpec layer,
      Shape expected,
      Shape actual,
      long compared,
      double difference,
      double tolerance) {
    /** Whether the shapes agree, and the values where they were compared. */
    public boolean agrees() {
      return expected.equals(actual) && difference <= tolerance;
    }

    /** Whether values were compared. */
    public boolean isCompared() {
      return compared > 0;
    }

    /** Whether values were compared at some positions only. */
    public boolean isSampled() {
      return isCompared() && compared < actual.size();
    }
  }

  /** Is told how far a verification, or a measurement, has come. */
  @FunctionalInterface
  public interface Progress {
    /** Nobody wants to know. */
    Progress UNTOLD = (done, of) -> {};

    /**
     * Another layer, call of a program, or run has been checked.
     *
     * @param done how many by now
     * @param of how many there are
     */
    void checked(int done, int of);
  }

  /** Takes a copy of the list. */
  public Verification {
    checks = List.copyOf(checks);
  }

  /**
   * Builds a network with first weights, feeds it random numbers, and checks every layer on what
   * the layer before it made.
   *
   * <p>How far an output {@code y} may lie from its definition follows from the number type, whose
   * {@link Precision#roundoff()} is {@code u}, and from the number {@code n} of terms that it sums
   * up. PyTorch adds up halves, float16 and bfloat16, in float32: where terms are summed, {@code s}
   * is {@code u}, and 2^-24 for halves. With {@code X} and {@code W} for the largest absolute
   * values of input and weights:
   *
   * <pre>
   *   convolutions, Linear, products of matrices
   *                             4 n s X W + 2 u (|y| + |bias|), and for halves 8 sqrt(n) u X W
   *   means of pools            4 sqrt(n) s X + 2 u |y|
   *   means over axes           (8 u + 4 sqrt(n) s) mean of |x|
   *   maxima, paddings, nearest pixels, concatenations, looked up vectors,
   *   other orders of the same numbers: 0
   *   sums of two branches      2 u |y|
   *   functions of one number   8 u (|x| + |y|), and what x off by 4 u changes
   *   power-average pools of x^p  u |y| (8 + (16 + 4 p) / p)
   *   Softmax                   u y (8 + 4 (largest - x) + 4 sqrt(n))
   *   normalisations of n       8 (u + log2(n) s) |scale| X (1 + |normal|) / deviation
   *                             + 8 u (|scale normal| + |shift| + |y|)
   *   BatchNorm                 the same without the logarithm, X = |x| + |mean|
   *   LocalResponseNorm         u |y| (8 + 4 beta n)
   *   linear, bicubic           u X (32 + 16 (2 + the position on each axis)), X of the pixels around
   *   attention                 twice what the scores are off by, and u (16 + 8 sqrt(n)), times X
   *   recurrent layers, multi-head attention
   *                             (16 + sqrt(n)) times what rounding each step changes, + 16 u |y|
   * </pre>
   *
   * <p>On CUDA {@code u} is 2^-11 for convolutions and recurrent layers in float32, which run in
   * TF32 there. DJL takes the eps of a normalisation as a float, which in float64 is 3e-13 of an
   * output with variance 1; and positions on an enlarged picture are found in float32, in float16,
   * too. For float32, 27 products of numbers up to 1 with weights up to 0.19: 1.2e-6.
   *
   * @param network the network with its shapes
   * @param manager on whose device to run; nothing stays in it
   * @param precision the number type to run in
   * @param seed decides weights and input
   * @throws io.github.convlens.layer.ShapeException if the engine cannot run one of its layers
   */
  public static Verification of(Shaped network, NDManager manager, Precision precision, long seed) {
    try (NDManager own = manager.newSubManager()) {
      Block block = LayerBlocks.of(network, precision);
      Shape[] shapes = network.inputs().toArray(Shape[]::new);
      PyTorchInit.seeded(seed).initialize(block, own, precision, shapes);
      NDList inputs = new NDList();
      for (int i = 0; i < shapes.length; i++) {
        inputs.add(RandomInput.of(own, precision, network, i, seed + i));
      }
      return of(block, inputs);
    }
  }

  /**
   * The same for a block that has weights and an input that is there.
   *
   * @param block {@code LayerBlocks.of(network)}, initialised or loaded
   * @param input the input, batch axis first; it is not changed, nothing stays in its manager
   */
  public static Verification of(Block block, NDArray input) {
    return of(block, new NDList(input));
  }

  /** The same for several inputs, in the network's order. */
  public static Verification of(Block block, NDList inputs) {
    return of(block, inputs, Progress.UNTOLD);
  }

  /** The same, which tells after each layer how far it has come. */
  public static Verification of(Block block, NDList inputs, Progress progress) {
    return new Verification(Verifier.run(block, inputs, progress));
  }

  /**
   * Runs an exported program call by call: each output's shape held against the one in the file,
   * and its values against the definition where the call's kind has one, on what the call has read.
   *
   * @param block the program's block
   * @param inputs its inputs; they are not changed, nothing stays in their manager
   */
  public static Verification ofProgram(ProgramBlock block, NDList inputs) {
    return ofProgram(block, inputs, Progress.UNTOLD);
  }

  /** The same, which tells after each call how far it has come. */
  public static Verification ofProgram(ProgramBlock block, NDList inputs, Progress progress) {
    return new Verification(ProgramVerifier.run(block, inputs, progress));
  }

  /** Whether no layer disagrees. */
  public boolean agrees() {
    return checks.stream().allMatch(Check::agrees);
  }

  /** A line for each layer, and one that counts. */
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
      table.row(
          check.path,
          check.layer.type(),
          ShapeText.crossed(check.actual),
          reference(check),
          check.isCompared() ? number(check.difference) : "",
          check.isCompared() ? number(check.tolerance) : "",
          verdict(check));
    }
    return table + "\n" + summary();
  }

  private static String reference(Check check) {
    if (!check.isCompared()) {
      return "shape only";
    }
    return check.isSampled()
        ? "definition, " + check.compared + " of " + check.actual.size() + " positions"
        : "definition";
  }

  /** {@code 74 of 74 layers agree}; {@code 70 agree, 4 were not compared: Embedding}. */
  private String summary() {
    List<Check> wrong = checks.stream().filter(check -> !check.agrees()).toList();
    List<Check> uncompared =
        checks.stream().filter(check -> check.agrees() && !check.isCompared()).toList();
    int right = checks.size() - wrong.size() - uncompared.size();
    long sampled = checks.stream().filter(Check::isSampled).count();
    String of = " of " + checks.size() + (checks.size() == 1 ? " layer " : " layers ");
    if (!wrong.isEmpty()) {
      return wrong.size() + of + (wrong.size() == 1 ? "disagrees" : "disagree") + left(uncompared);
    }
    String share = sampled == 0 ? "" : ", " + sampled + " of them at a sample of positions";
    return uncompared.isEmpty()
        ? right + of + (right == 1 ? "agrees" : "agree") + share
        : right + (right == 1 ? " agrees" : " agree") + share + left(uncompared);
  }

  private static String left(List<Check> uncompared) {
    if (uncompared.isEmpty()) {
      return "";
    }
    String kinds =
        uncompared.stream().map(check -> check.layer.type()).distinct().collect(joining(", "));
    String were = uncompared.size() == 1 ? " was" : " were";
    return ", " + uncompared.size() + were + " not compared: " + kinds;
  }

  private static String verdict(Check check) {
    if (check.agrees()) {
      return check.isCompared() ? "agrees" : "";
    }
    return check.expected.equals(check.actual)
        ? "DISAGREES"
        : "DISAGREES: expected " + ShapeText.crossed(check.expected);
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
