package io.github.convlens.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * {@code Y[o, i, j] = sum over c, a, b of X[c, i + a, j + b] x K[o, c, a, b]}, computed as it is
 * written and not by the engine's convolution.
 *
 * <p>It is a loop over the columns b of the kernel. What a column sees while the kernel slides over
 * the picture is the picture itself, b positions further on: a slice of {@code rows}, in which each
 * row of the picture has those below it at its side, and which is made once. So a step is one
 * product of matrices, {@code (outChannels, inChannels x kh) x (inChannels x kh, h' x w)}, and
 * nothing is copied for it. The rows lie end to end, so that the last {@code kw - 1} places of each
 * row of the sum mix the end of one row with the beginning of the next: the result passes over
 * them.
 */
public final class CrossCorrelation {
  private static final Operator SLIDING =
      Operator.of(
          new Operator.Function(
              List.of("X", "K"),
              """
              out = torch.size(K, 0)
              kh = torch.size(K, 2)
              kw = torch.size(K, 3)
              width = torch.size(X, 2)
              h = torch.add(torch.sub(torch.size(X, 1), kh), 1)
              w = torch.add(torch.sub(width, kw), 1)
              below = torch.transpose(torch.unfold(X, 1, h, 1), 2, 3)
              rows = torch.flatten(torch.flatten(below, 2), 0, 1)
              columns = torch.flatten(torch.permute(K, [3, 0, 1, 2]), 2)
              n = torch.add(torch.sub(torch.mul(h, width), kw), 1)
              Y = torch.mm(torch.select(columns, 0, 0), torch.slice(rows, 1, 0, n))
              for i in range(torch.sub(kw, 1)):
                b = torch.add(i, 1)
                seen = torch.slice(rows, 1, b, torch.add(b, n))
                Y = torch.addmm_(Y, torch.select(columns, 0, b), seen)
              """
                  .lines()
                  .toList(),
              List.of("torch.as_strided(Y, [out, h, w], [n, width, 1])")));

  private CrossCorrelation() {}

  /**
   * The sum above. X = 0..8 as (1, 3, 3), K = [[0, 1], [2, 3]] as (1, 1, 2, 2): [[[19, 25], [37,
   * 43]]].
   *
   * @param X a picture (inChannels, h, w); it is not changed
   * @param K kernels (outChannels, inChannels, kh, kw) of the same data type, a floating one, on
   *     the same device, not larger than the picture; they are not changed
   * @return (outChannels, h - kh + 1, w - kw + 1), of X's manager; gradients reach X and K
   */
  public static NDArray of(NDArray X, NDArray K) {
    return SLIDING.apply(X, K);
  }
}
