import ai.djl.Device;
import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.listener.LoggingTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.convlens.engine.Devices;
import io.github.convlens.engine.EngineException;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.PyTorchInit;
import io.github.convlens.graph.Shapes;
import io.github.convlens.lesson.Checkpoints;
import io.github.convlens.lesson.FashionMnist;
import io.github.convlens.lesson.FashionMnist.Part;
import io.github.convlens.lesson.ResumableTraining;
import io.github.convlens.notation.Presets;
import io.github.convlens.notation.PyTorch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** LeNet learns to tell clothes apart: as in the book, and as one would build it today. */
@CommandLine.Command(name = "LeNetFashionMnist", mixinStandardHelpOptions = true)
public class LeNetFashionMnist implements Callable<Integer> {
  /** The two networks, each with what it is trained with. */
  enum Net {
    LESSON(Presets.text("lenet"), 10, 256, 0.9f),
    MODERN(
        LESSON.notation.replace("Sigmoid", "ReLU").replace("AvgPool2d", "MaxPool2d"), 5, 64, 0.2f);

    final String notation;
    final int epochs;
    final int batch;
    final float learningRate;

    Net(String notation, int epochs, int batch, float learningRate) {
      this.notation = notation;
      this.epochs = epochs;
      this.batch = batch;
      this.learningRate = learningRate;
    }

    Block block(int seed) {
      Shape pictures = Presets.input("lenet");
      Block block = LayerBlocks.of(Shapes.infer(PyTorch.parse(notation), pictures));
      PyTorchInit.seeded(seed).setInitializers(block);
      if (this == LESSON) {
        // PyTorch's xavier_uniform_; without these arguments DJL's bounds are sqrt(2) times wider.
        block.setInitializer(
            new XavierInitializer(
                XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.AVG, 3),
            Parameter.Type.WEIGHT);
      }
      return block;
    }
  }

  @Option(names = "--net", description = "lesson or modern; both if not given.")
  List<Net> nets = List.of(Net.values());

  @Option(names = "--data", description = "Folder of the four files.")
  Optional<Path> data = FashionMnist.installed();

  @Option(names = "--checkpoints", description = "Folder to write to, and to go on from.")
  Path checkpoints = Path.of("target", "checkpoints");

  @Option(names = "--epochs", description = "10 (lesson) and 5 (modern) if not given.")
  Optional<Integer> epochs = Optional.empty();

  @Option(names = "--slice", description = "Train and test on the first N pictures only.")
  long slice = Long.MAX_VALUE;

  @Option(names = "--device", description = "auto, cpu, cuda, cuda:N or mps.")
  String device = "auto";

  @Option(names = "--threads", description = "1 (default) gives the same numbers everywhere.")
  int threads = 1;

  @Option(names = "--seed", description = "Decides first weights and order.")
  int seed = 0;

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs with these options; 0 if all went well. */
  public static int run(String... args) {
    return new CommandLine(new LeNetFashionMnist())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              if (e instanceof IOException
                  || e instanceof IllegalArgumentException
                  || e instanceof TrainingDivergedException
                  || e instanceof EngineException) {
                System.err.println("error: " + e.getMessage());
                return 1;
              }
              throw e;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, TranslateException {
    if (slice < 1 || threads < 1 || epochs.orElse(1) < 1) {
      throw new IllegalArgumentException("--slice, --threads and --epochs must be at least 1.");
    }
    if (System.console() == null) {
      System.setProperty("DJL_DISABLE_PROGRESS_BAR", "true"); // it redraws a terminal's line
    }
    Engine engine = PyTorchEngine.start(System.err::println);
    JniUtils.setNumThreads(threads);
    Device on = Devices.select(Devices.parse(device), Devices.Inventory.of(engine));
    try (NDManager manager = NDManager.newBaseManager(on)) {
      ArrayDataset.Builder training = pictures(Part.TRAINING, manager);
      ArrayDataset.Builder test = pictures(Part.TEST, manager);
      for (Net net : nets) {
        training.setSampling(net.batch, true); // shuffled
        test.setSampling(net.batch, false);
        train(net, on, training.build(), test.build());
      }
    }
    return 0;
  }

  private ArrayDataset.Builder pictures(Part part, NDManager manager) throws IOException {
    return (data.isPresent()
            ? FashionMnist.read(data.get(), part, manager)
            : FashionMnist.download(part, manager))
        .optLimit(slice);
  }

  private void train(Net net, Device on, ArrayDataset training, ArrayDataset test)
      throws IOException, TranslateException {
    String name = net.name().toLowerCase(Locale.ROOT);
    String numbers =
        "%d pictures, batch %d, learning rate %s, seed %d"
            .formatted(training.size(), net.batch, net.learningRate, seed);
    System.out.println(name + ": " + numbers);
    String settings = numbers + "\n" + net.notation; // an edited net is another training
    try (Model model = Model.newInstance(name, on)) {
      model.setBlock(net.block(seed));
      new ResumableTraining(model, config(net, on), Presets.input("lenet"), seed, settings)
          .run(
              training,
              test,
              epochs.orElse(net.epochs),
              new Checkpoints(checkpoints),
              System.out::println);
    }
  }

  private static DefaultTrainingConfig config(Net net, Device on) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(
            Optimizer.sgd().setLearningRateTracker(Tracker.fixed(net.learningRate)).build())
        .optDevices(new Device[] {on})
        .addEvaluator(new Accuracy())
        .addTrainingListeners(TrainingListener.Defaults.basic())
        .addTrainingListeners(new LoggingTrainingListener());
  }
}
