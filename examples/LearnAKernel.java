import static io.github.convlens.lesson.D2l.corr2d;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import io.github.convlens.lesson.Numbers;
import io.github.convlens.lesson.TrainingStep;
import java.util.List;
import java.util.Locale;

/** A kernel that finds edges, written by hand and then learned from what it does. */
public class LearnAKernel {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      // A white picture with a black stripe: its edges are between columns 1 and 2, and 5 and 6.
      NDArray X = manager.ones(new Shape(6, 8));
      X.set(new NDIndex(":, 2:6"), 0);
      NDArray K = manager.create(new float[][] {{1, -1}});
      NDArray Y = corr2d(X, K);
      System.out.println(Numbers.text(Y.get(0))); // -> [0, 1, 0, 0, 0, -1, 0]

      // The same kernel as a layer that knows nothing yet.
      Block conv2d =
          Conv2d.builder().setFilters(1).setKernelShape(new Shape(1, 2)).optBias(false).build();
      conv2d.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
      conv2d.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 6, 8));
      NDArray weight = conv2d.getParameters().get(0).getValue().getArray();
      ParameterStore parameters = new ParameterStore(manager, false);
      NDList input = new NDList(X.reshape(1, 1, 6, 8)); // (batch, channel, height, width)
      NDArray wanted = Y.reshape(1, 1, 6, 7);

      for (int step = 1; step <= 10; step++) {
        // The engine adds gradients up; descend() clears them after each step.
        float loss =
            TrainingStep.descend(
                List.of(weight),
                0.03f,
                scratch ->
                    conv2d
                        .forward(parameters, input, true)
                        .singletonOrThrow()
                        .sub(wanted)
                        .square()
                        .sum());
        if (step % 2 == 0) {
          System.out.printf(Locale.ROOT, "step %d: loss %.4f%n", step, loss);
          // -> step 2: loss 4.9152
          // -> step 4: loss 0.8246
          // -> step 6: loss 0.1384
          // -> step 8: loss 0.0232
          // -> step 10: loss 0.0039
        }
      }
      System.out.println(Numbers.text(weight.reshape(2))); // -> [0.98847, -0.98847]
    }
  }
}
