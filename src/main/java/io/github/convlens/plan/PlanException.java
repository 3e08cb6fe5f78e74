package io.github.convlens.plan;

/**
 * A wish that cannot be granted: bounds that make no sense, a target that nothing reaches, wishes
 * that contradict each other. The message has three parts, as {@link
 * io.github.convlens.layer.ShapeException}'s has:
 *
 * <pre>
 * 224x224 cannot be halved 9 times.
 * After 8 it is 1x1: 224x224, 112x112, 56x56, 28x28, 14x14, 7x7, 4x4, 2x2, 1x1.
 * Use at most 8 halvings, or an input of more than 2^8 on one side.
 * </pre>
 */
public final class PlanException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String rule;
  private final String arithmetic;
  private final String remedy;

  /**
   * A new exception.
   *
   * @param rule what must hold or what fails, without a full stop
   * @param arithmetic a sentence with every number that was received
   * @param remedy a sentence that says what to change
   */
  PlanException(String rule, String arithmetic, String remedy) {
    super(rule + ".\n" + arithmetic + "\n" + remedy);
    this.rule = rule;
    this.arithmetic = arithmetic;
    this.remedy = remedy;
  }

  /** What must hold or what fails, without a full stop. */
  public String rule() {
    return rule;
  }

  /** A sentence with every number that was received. */
  public String arithmetic() {
    return arithmetic;
  }

  /** A sentence that says what to change. */
  public String remedy() {
    return remedy;
  }

  /** Rejects a number outside of {@code least} to {@code most}. */
  static void checkBetween(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new PlanException(
          name + " must be from " + least + " to " + most,
          "Here it is " + value + ".",
          "Use " + name + " " + (value < least ? least : most) + ".");
    }
  }
}
