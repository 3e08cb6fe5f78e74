import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.lesson.FashionMnist;
import io.github.convlens.program.Pt2File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What was trained in Python learns something else in Java: its last layer is another one. */
@CommandLine.Command(name = "FineTune", mixinStandardHelpOptions = true)
public class FineTune implements Callable<Integer> {
  @Option(names = "--net", description = "The program; any batch of 1x28x28.")
  Path net = Path.of("examples", "shapes.pt2");

  @Option(names = "--last", description = "Path of the layer that is replaced.")
  String last = "fc";

  @Option(names = "--data", description = "Folder of Fashion-MNIST's four files.")
  Optional<Path> data = FashionMnist.installed();

  @Option(names = "--slice", description = "How many pictures to train on.")
  int slice = 2000;

  @Option(names = "--save", description = "Folder to save to.")
  Path folder = Path.of("target", "fine-tuned");

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs with these options; 0 if all went well. */
  public static int run(String... args) {
    return new CommandLine(new FineTune()).execute(args);
  }

  @Override
  public Integer call() throws Exception {
    PyTorchEngine.start(System.err::println);
    try (Model model = Model.newInstance("fine-tuned")) {
      NDManager manager = model.getNDManager();
      manager.getEngine().setRandomSeed(0);
      ProgramBlock features = ProgramBlock.of(Pt2File.read(net).before(last), manager);
      model.setBlock(
          new SequentialBlock().add(features).add(Linear.builder().setUnits(10).build()));
      ArrayDataset pictures = pictures(manager);

      features.freezeParameters(true); // first the new layer alone
      features.trainIn(ProgramBlock.Mode.EVAL);
      System.out.printf("the new layer:   accuracy %.3f%n", train(model, pictures, 2, 0.01f));

      features.freezeParameters(false); // then all of it, in smaller steps
      features.trainIn(ProgramBlock.Mode.TRAIN);
      System.out.printf("all the network: accuracy %.3f%n", train(model, pictures, 2, 0.002f));

      model.save(folder, "fine-tuned");
      System.out.println("saved in " + folder);
    }
    return 0;
  }

  private static float train(Model model, ArrayDataset pictures, int epochs, float rate)
      throws Exception {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(rate)).build())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(TrainingListener.Defaults.basic());
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 1, 28, 28));
      EasyTrain.fit(trainer, epochs, pictures, null);
      return trainer.getTrainingResult().getTrainEvaluation("Accuracy");
    }
  }

  private ArrayDataset pictures(NDManager manager) throws IOException {
    ArrayDataset.Builder pictures =
        data.isPresent()
            ? FashionMnist.read(data.get(), FashionMnist.Part.TRAINING, manager).optLimit(slice)
            : madeUp(manager);
    return pictures.setSampling(50, true).build();
  }

  /** Where the data set is not installed: a bright block at one of ten places, in noise. */
  private ArrayDataset.Builder madeUp(NDManager manager) {
    Random random = new Random(0);
    float[] pixels = new float[slice * 28 * 28];
    float[] labels = new float[slice];
    for (int i = 0; i < pixels.length; i++) {
      int picture = i / (28 * 28);
      if (i % (28 * 28) == 0) {
        labels[picture] = random.nextInt(10);
      }
      int row = i / 28 % 28;
      int column = i % 28;
      boolean bright = row / 14 == (int) labels[picture] / 5 && column / 6 == labels[picture] % 5;
      pixels[i] = random.nextFloat() / 5 + (bright ? 0.8f : 0);
    }
    NDArray all = manager.create(pixels, new Shape(slice, 1, 28, 28));
    return new ArrayDataset.Builder().setData(all).optLabels(manager.create(labels));
  }
}
