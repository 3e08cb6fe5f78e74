package io.github.convlens.engine;

import io.github.convlens.program.Argument;
import io.github.convlens.program.Call;
import io.github.convlens.program.Program;
import io.github.convlens.program.Program.Input;
import io.github.convlens.program.ProgramException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which mode the operators run that know two: norms with running statistics, and dropouts. An
 * export in eval mode says False to each; what it says True to stays so.
 */
enum TrainFlags {
  /** As exported, which is eval mode. */
  AS_EXPORTED("False"),
  /** As after {@code model.train()}. */
  TRAIN("True"),
  /** As the module that TorchScript's users call {@code train()} or {@code eval()} on. */
  OF_THE_MODULE("self.training");

  private static final Map<String, Place> PLACES =
      Map.ofEntries(
          Map.entry("batch_norm", new Place(5, "training")),
          Map.entry("native_batch_norm", new Place(5, "training")),
          Map.entry("_native_batch_norm_legit", new Place(5, "training")),
          Map.entry("instance_norm", new Place(5, "use_input_stats")),
          Map.entry("dropout", new Place(2, "train")),
          Map.entry("dropout_", new Place(2, "train")),
          Map.entry("native_dropout", new Place(2, "train")),
          Map.entry("feature_dropout", new Place(2, "train")),
          Map.entry("feature_dropout_", new Place(2, "train")),
          Map.entry("alpha_dropout", new Place(2, "train")),
          Map.entry("alpha_dropout_", new Place(2, "train")),
          Map.entry("feature_alpha_dropout", new Place(2, "train")),
          Map.entry("feature_alpha_dropout_", new Place(2, "train")),
          Map.entry("rrelu", new Place(3, "training")),
          Map.entry("rrelu_", new Place(3, "training")));

  private static final Set<String> RECURRENT = Set.of("lstm", "gru", "rnn_tanh", "rnn_relu");

  /** Norms of other backends, and of what a compiler makes: their other mode has another name. */
  private static final Set<String> ONE_MODE =
      Set.of(
          "_native_batch_norm_legit_no_training",
          "_batch_norm_no_update",
          "cudnn_batch_norm",
          "miopen_batch_norm");

  private final String text;

  TrainFlags(String text) {
    this.text = text;
  }

  /** An argument of an operator. */
  record Place(int place, String name) {}

  /** What a flag becomes that an export in eval mode set to False. */
  String text() {
    return text;
  }

  /** The operator to call. */
  String function(Call call) {
    String function = call.function();
    return function.startsWith("sym_") ? function.substring("sym_".length()) : function;
  }

  /** Where a call says in which mode it runs. */
  Optional<Place> place(Call call) {
    if (this == AS_EXPORTED) {
      return Optional.empty();
    }
    String function = call.function();
    if (this == TRAIN) {
      checkTrainable(call);
    }
    if (RECURRENT.contains(function)) {
      return Optional.of(new Place(call.operator().endsWith(".data") ? 7 : 6, "train"));
    }
    return Optional.ofNullable(PLACES.get(function));
  }

  private static void checkTrainable(Call call) {
    if (ONE_MODE.contains(call.function())) {
      throw new ProgramException(
          "the call "
              + call.name()
              + " of the program, "
              + call.operator()
              + ", has no train mode: it is what run_decompositions() makes of a batch_norm.\nExport"
              + " the model without run_decompositions(), or train it with"
              + " trainIn(ProgramBlock.Mode.EVAL).");
    }
    boolean isTracked =
        call.function().equals("batch_norm")
            && call.argument(3, "running_mean").isPresent()
            && !call.argument(3, "running_mean").equals(Optional.of(Argument.NONE));
    if (isTracked && call.argument(6, "momentum").equals(Optional.of(new Argument.Real(0)))) {
      throw new ProgramException(
          "the call "
              + call.name()
              + " of the program is a batch_norm of momentum 0, as which PyTorch exports"
              + " momentum=None, too: how its running statistics move cannot be told.\nGive the"
              + " model's BatchNorm a momentum before the export, or train it with"
              + " trainIn(ProgramBlock.Mode.EVAL).");
    }
  }

  /** The counter that a BatchNorm's module moves in train mode beside its running mean. */
  Optional<String> counted(Call call, Program program) {
    if (this == AS_EXPORTED || !call.function().equals("batch_norm")) {
      return Optional.empty();
    }
    return call.argument(3, "running_mean")
        .filter(mean -> mean instanceof Argument.Reference)
        .flatMap(mean -> counter(((Argument.Reference) mean).name(), program));
  }

  private static Optional<String> counter(String mean, Program program) {
    String end = "running_mean";
    return program.inputs().stream()
        .filter(input -> input.name().equals(mean))
        .flatMap(input -> input.target().stream())
        .filter(target -> target.endsWith(end))
        .map(target -> target.substring(0, target.length() - end.length()) + "num_batches_tracked")
        .flatMap(
            wanted ->
                program.inputs().stream()
                    .filter(input -> input.target().equals(Optional.of(wanted))))
        .map(Input::name)
        .findFirst();
  }
}
