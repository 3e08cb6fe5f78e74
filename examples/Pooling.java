import static io.github.convlens.lesson.D2l.compConv2d;
import static io.github.convlens.lesson.D2l.pool2d;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.pooling.Pool;
import io.github.convlens.lesson.D2l.PoolMode;
import io.github.convlens.lesson.Numbers;

/** Pooling looks through a window too, but has nothing to learn. */
public class Pooling {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      // The largest element, or the mean, of each 2x2 window.
      NDArray small = manager.arange(9f).reshape(3, 3);
      Shape window = new Shape(2, 2);
      System.out.println(Numbers.text(pool2d(small, window, PoolMode.MAX))); // -> [[4, 5], [7, 8]]
      System.out.println(Numbers.text(pool2d(small, window, PoolMode.AVG))); // -> [[2, 3], [5, 6]]

      // The stride is as large as the window unless it is given: 4x4 has room for one of 3x3.
      NDArray X = manager.arange(16f).reshape(4, 4);
      Block three = Pool.maxPool2dBlock(new Shape(3, 3), new Shape(3, 3));
      System.out.println(Numbers.text(compConv2d(three, X))); // -> [[10]]

      // Padding and stride work as in a convolution.
      Block strided = Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1));
      System.out.println(Numbers.text(compConv2d(strided, X))); // -> [[5, 7], [13, 15]]

      // So do windows that are not square.
      Block wide = Pool.maxPool2dBlock(new Shape(2, 3), new Shape(2, 3), new Shape(0, 1));
      System.out.println(Numbers.text(compConv2d(wide, X))); // -> [[5, 7], [13, 15]]
    }
  }
}
