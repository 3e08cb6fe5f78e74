import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;

/** LeNet on a picture of 28x28, layer by layer. */
public class LeNetShapes {
  public static void main(String[] args) {
    Shape two = new Shape(2, 2);
    Shape five = new Shape(5, 5);
    SequentialBlock net =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(6).setKernelShape(five).optPadding(two).build())
            .add(Activation.sigmoidBlock())
            .add(Pool.avgPool2dBlock(two, two))
            .add(Conv2d.builder().setFilters(16).setKernelShape(five).build())
            .add(Activation.sigmoidBlock())
            .add(Pool.avgPool2dBlock(two, two))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(120).build())
            .add(Activation.sigmoidBlock())
            .add(Linear.builder().setUnits(84).build())
            .add(Activation.sigmoidBlock())
            .add(Linear.builder().setUnits(10).build());
    try (NDManager manager = NDManager.newBaseManager()) {
      net.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
      ParameterStore parameters = new ParameterStore(manager, false);
      NDList X = new NDList(manager.randomUniform(0, 1, new Shape(1, 1, 28, 28)));
      long total = 0;
      for (Pair<String, Block> layer : net.getChildren()) {
        X = layer.getValue().forward(parameters, X, false);
        long learned = count(layer.getValue());
        total += learned;
        String name = layer.getKey().replaceFirst("^\\d+", "");
        System.out.println(name + " " + X.singletonOrThrow().getShape() + " " + learned);
        // -> Conv2d (1, 6, 28, 28) 156
        // -> LambdaBlock (1, 6, 28, 28) 0
        // -> LambdaBlock (1, 6, 14, 14) 0
        // -> Conv2d (1, 16, 10, 10) 2416
        // -> LambdaBlock (1, 16, 10, 10) 0
        // -> LambdaBlock (1, 16, 5, 5) 0
        // -> LambdaBlock (1, 400) 0
        // -> Linear (1, 120) 48120
        // -> LambdaBlock (1, 120) 0
        // -> Linear (1, 84) 10164
        // -> LambdaBlock (1, 84) 0
        // -> Linear (1, 10) 850
      }
      System.out.println(total + " parameters"); // -> 61706 parameters
    }
  }

  /** Numbers that a layer has to learn. */
  private static long count(Block layer) {
    return layer.getParameters().values().stream()
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }
}
