import static io.github.convlens.lesson.D2l.compConv2d;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;

/** What padding and stride make of an 8x8 matrix. Change a number and run it again. */
public class PaddingAndStride {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray X = manager.randomUniform(0, 1, new Shape(8, 8));

      // One row and one column of zeros on every side keep the size: 8 + 2 - 3 + 1 = 8.
      Block padded =
          Conv2d.builder()
              .setFilters(1)
              .setKernelShape(new Shape(3, 3))
              .optPadding(new Shape(1, 1))
              .build();
      System.out.println(compConv2d(padded, X).getShape()); // -> (8, 8)

      // A kernel that is not square needs a padding that is not square.
      Block rectangular =
          Conv2d.builder()
              .setFilters(1)
              .setKernelShape(new Shape(5, 3))
              .optPadding(new Shape(2, 1))
              .build();
      System.out.println(compConv2d(rectangular, X).getShape()); // -> (8, 8)

      // Stride 2 halves the size.
      Block halving =
          Conv2d.builder()
              .setFilters(1)
              .setKernelShape(new Shape(3, 3))
              .optPadding(new Shape(1, 1))
              .optStride(new Shape(2, 2))
              .build();
      System.out.println(compConv2d(halving, X).getShape()); // -> (4, 4)

      // Height: floor((8 - 3) / 3) + 1 = 2. Width: floor((8 + 2 - 5) / 4) + 1 = 2.
      Block different =
          Conv2d.builder()
              .setFilters(1)
              .setKernelShape(new Shape(3, 5))
              .optPadding(new Shape(0, 1))
              .optStride(new Shape(3, 4))
              .build();
      System.out.println(compConv2d(different, X).getShape()); // -> (2, 2)
    }
  }
}
