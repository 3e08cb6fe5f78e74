package io.github.convlens.lesson;

/** What the arithmetic says about a claim. */
public sealed interface Verdict {
  /** The verdict in capitals: {@code RIGHT}, {@code WRONG}, {@code RIGHT UNDER A CONDITION}. */
  String word();

  /** What to add to the word; empty where there is nothing to add. */
  String reason();

  /** It is as the claim says. */
  record Right() implements Verdict {
    @Override
    public String word() {
      return "RIGHT";
    }

    @Override
    public String reason() {
      return "";
    }
  }

  /**
   * It is as the claim says in some cases.
   *
   * @param reason in which cases it is, and what is the case otherwise
   */
  record RightUnderACondition(String reason) implements Verdict {
    @Override
    public String word() {
      return "RIGHT UNDER A CONDITION";
    }
  }

  /**
   * It is not as the claim says.
   *
   * @param reason how it is instead, with the numbers
   */
  record Wrong(String reason) implements Verdict {
    @Override
    public String word() {
      return "WRONG";
    }
  }
}
