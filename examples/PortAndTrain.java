import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Precision;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.engine.Verification;
import io.github.convlens.graph.Shaped;
import io.github.convlens.graph.Shapes;
import io.github.convlens.lesson.TrainingStep;
import io.github.convlens.notation.PyTorch;
import io.github.convlens.notation.Recipes;
import io.github.convlens.program.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network that was printed in Python, with the weights that it had there: checked layer by layer,
 * trained on in Java, and its new weights saved for {@code load_state_dict}.
 */
public class PortAndTrain {
  public static void main(String[] args) throws IOException {
    Path prints = Path.of("examples", "prints");
    Recipes recipes = Recipes.KNOWN.with(Files.readString(prints.resolve("recipes.txt")));
    String print = Files.readString(prints.resolve("shapes-1x28x28.txt"));
    Shape input = new Shape(4, 1, 28, 28);
    Shaped network = Shapes.infer(PyTorch.parse(print, recipes), input);

    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(0);
      Block block = LayerBlocks.of(network);
      PyTorchInit.seeded(0).initialize(block, manager, Precision.FLOAT32, input);
      LayerBlocks.load(block, StateDict.read(Path.of("examples", "shapes.pt2")));

      NDArray pictures = manager.randomUniform(0, 1, input);
      Verification verified = Verification.of(block, pictures);
      long agree = verified.checks().stream().filter(Verification.Check::agrees).count();
      System.out.println(agree + " of " + verified.checks().size()); // -> 16 of 16

      NDArray labels = manager.create(new float[] {0, 1, 2, 3});
      List<NDArray> learned =
          block.getParameters().values().stream()
              .filter(Parameter::requiresGradient)
              .map(Parameter::getArray)
              .toList();
      Loss loss = Loss.softmaxCrossEntropyLoss();
      ParameterStore store = new ParameterStore(manager, false);
      float first = 0;
      float last = 0;
      for (int step = 0; step < 5; step++) {
        last =
            TrainingStep.descend(
                learned,
                0.05f,
                scratch ->
                    loss.evaluate(
                        new NDList(labels), block.forward(store, new NDList(pictures), true)));
        first = step == 0 ? last : first;
      }
      System.out.println("learns: " + (last < first / 2)); // -> learns: true

      Path saved = Path.of("target", "trained.safetensors");
      Files.createDirectories(saved.getParent());
      LayerBlocks.stateDict(block).save(saved);
      System.out.println(StateDict.read(saved).names().contains("fc.weight")); // -> true
    }
  }
}
