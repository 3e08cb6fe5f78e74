package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;

/**
 * A claim of the lesson's notes. The claim's numbers are the components of its record, and whether
 * it is right is computed from them: other numbers, another verdict.
 */
public sealed interface Claim
    permits Claim.Measured,
        LargerKernelFirst,
        LawsOfShrinking,
        LayersToSeeAll,
        LayersToShrink,
        PaddingThatKeepsSize,
        SameReceptiveField,
        ShrinkingSizes,
        SizeWithStride,
        SizeWithoutStride,
        StridesSpreadEvenly {

  /** The claim's place in the notes, from 1. */
  int number();

  /** What the notes say, with the claim's numbers, in a sentence. */
  String statement();

  /** Checks it by arithmetic; needs no engine. */
  Finding check();

  /** A claim about work, which can be measured as well as counted. */
  sealed interface Measured extends Claim permits CheaperSmallKernels, LostInformation {
    /**
     * Does on the engine what the claim speaks of.
     *
     * @param manager names the device; nothing stays in it
     */
    Measurement measure(NDManager manager);
  }
}
