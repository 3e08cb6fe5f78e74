import static io.github.convlens.lesson.D2l.corr2dMultiIn;
import static io.github.convlens.lesson.D2l.corr2dMultiInOut;
import static io.github.convlens.lesson.D2l.corr2dMultiInOut1x1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.lesson.Numbers;

/**
 * A kernel has one slice for each input channel, and a whole set of them for each output channel.
 */
public class Channels {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray first = manager.arange(9f).reshape(3, 3);
      NDArray X = NDArrays.stack(new NDList(first, first.add(1))); // (channels 2, 3, 3)
      NDArray slice = manager.arange(4f).reshape(2, 2);
      NDArray K = NDArrays.stack(new NDList(slice, slice.add(1))); // (channels 2, 2, 2)

      // Every channel is correlated with its own slice, and the results are added.
      System.out.println(Numbers.text(corr2dMultiIn(X, K))); // -> [[56, 72], [104, 120]]

      // Three such kernels make three output channels.
      NDArray kernels = NDArrays.stack(new NDList(K, K.add(1), K.add(2)));
      System.out.println(kernels.getShape()); // -> (3, 2, 2, 2)
      NDArray Y = corr2dMultiInOut(X, kernels); // (outChannels 3, 2, 2)
      System.out.println(Numbers.text(Y.get(0))); // -> [[56, 72], [104, 120]]
      System.out.println(Numbers.text(Y.get(1))); // -> [[76, 100], [148, 172]]
      System.out.println(Numbers.text(Y.get(2))); // -> [[96, 128], [192, 224]]

      // A 1x1 kernel mixes channels and leaves pixels where they are: one matrix product.
      NDArray mixing = manager.randomNormal(new Shape(2, 2, 1, 1));
      NDArray difference = corr2dMultiInOut1x1(X, mixing).sub(corr2dMultiInOut(X, mixing));
      System.out.println(difference.abs().max().getFloat() < 1e-5); // -> true
    }
  }
}
