package io.github.convlens.lesson;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A training with DJL's {@link Trainer} that may be killed at any moment: started again, it goes on
 * after the last epoch that was saved. The order of the pictures follows from the seed and the
 * epoch's number alone; so with an optimizer without memory (SGD without momentum) and an engine
 * that repeats itself (the CPU) it ends with the weights that it would have had, bit for bit.
 *
 * @param model a model whose block has initialisers and no weights yet; its name is the
 *     checkpoints'
 * @param config loss, optimizer, devices; it needs an evaluator {@code Accuracy} and DJL's basic
 *     listeners
 * @param input the shape of one batch, batch axis first
 * @param seed decides order, and first weights where an initialiser asks the engine for them
 * @param settings everything that a checkpoint must agree in to be gone on from, the network
 *     included
 */
public record ResumableTraining(
    Model model, TrainingConfig config, Shape input, int seed, String settings) {
  private static final String RESULT = "Result";

  /**
   * Trains to the end of an epoch, and saves a checkpoint after each.
   *
   * @param training what to learn from, shuffled by DJL's random sampler
   * @param test what to measure with after each epoch
   * @param epochs how many there are to be in all, those of earlier runs included
   * @param report told a line for each epoch, and where the training goes on
   * @throws IOException if a checkpoint cannot be read or written; the folder is tried at once
   * @throws IllegalArgumentException if the newest checkpoint was made with other settings, or does
   *     not fit the network
   * @throws TrainingDivergedException if the loss becomes NaN; checkpoints up to then stay
   */
  public void run(
      Dataset training, Dataset test, int epochs, Checkpoints checkpoints, Consumer<String> report)
      throws IOException, TranslateException {
    checkpoints.makeFolder();
    Engine engine = model.getNDManager().getEngine();
    engine.setRandomSeed(seed);
    model.getBlock().initialize(model.getNDManager(), model.getDataType(), input);
    int done = checkpoints.restore(model, settings, report).orElse(0);
    if (done > 0) {
      report.accept(model.getProperty(RESULT));
      report.accept(name() + ": goes on after epoch " + done + ", from " + checkpoints.folder());
    }
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.setMetrics(new Metrics()); // for DJL's progress bar to show
      trainer.initialize(input);
      for (int epoch = done + 1; epoch <= epochs; epoch++) {
        engine.setRandomSeed(1000 * seed + epoch);
        fit(trainer, epoch, training, test);
        String result = result(epoch, trainer);
        model.setProperty(RESULT, result);
        report.accept(result);
        checkpoints.save(model, epoch, settings);
      }
    }
  }

  private void fit(Trainer trainer, int epoch, Dataset training, Dataset test)
      throws IOException, TranslateException {
    try {
      EasyTrain.fit(trainer, 1, training, test);
    } catch (TrainingDivergedException e) {
      throw new TrainingDivergedException(
          String.format(
              Locale.ROOT,
              "%s: in epoch %d the loss is no longer a number (NaN). Try a lower learning rate.",
              name(),
              epoch),
          e);
    }
  }

  private String name() {
    return model.getName();
  }

  private String result(int epoch, Trainer trainer) {
    Map<String, Float> found = trainer.getTrainingResult().getEvaluations();
    return String.format(
        Locale.ROOT,
        "%s: epoch %2d, loss %.4f, accuracy %.4f, on the test pictures %.4f",
        name(),
        epoch,
        found.get("train_loss"),
        found.get("train_Accuracy"),
        found.get("validate_Accuracy"));
  }
}
