package io.github.convlens.lesson;

import java.util.List;

/**
 * What the engine did with a claim.
 *
 * @param lines what was measured, line by line; times differ from run to run and are not judged
 * @param agrees whether everything that can be counted on the engine is as the arithmetic has it;
 *     if not, one of them is at fault, whatever the claim says
 */
public record Measurement(List<String> lines, boolean agrees) {
  /** Takes a copy of the list. */
  public Measurement {
    lines = List.copyOf(lines);
  }
}
