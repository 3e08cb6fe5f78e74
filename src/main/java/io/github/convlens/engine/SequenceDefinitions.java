package io.github.convlens.engine;

import io.github.convlens.engine.RecurrentDefinition.Sequences;
import io.github.convlens.engine.RecurrentNetwork.Cell;
import io.github.convlens.engine.RecurrentNetwork.Kind;
import io.github.convlens.layer.RecurrentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recurrent layers, whose learned numbers have the names of a state dict. */
final class SequenceDefinitions {
  private static final Map<String, Kind> CALLS =
      Map.of("lstm", Kind.LSTM, "gru", Kind.GRU, "rnn_tanh", Kind.TANH, "rnn_relu", Kind.RELU);

  private SequenceDefinitions() {}

  /**
   * A recurrent layer.
   *
   * @param inputs the sequences, and where they do not begin at zero the first states
   * @param output which output is meant
   */
  static Definition recurrent(
      RecurrentSpec layer, List<Values> inputs, int output, Learned learned, Roundoff roundoff) {
    boolean isBoth = layer.directions() == RecurrentSpec.Directions.BOTH;
    boolean isBatchFirst = layer.layout() == RecurrentSpec.Layout.BATCH_FIRST;
    List<Cell> cells = new ArrayList<>();
    for (long i = 0; i < layer.numLayers(); i++) {
      for (String way : isBoth ? List.of("", "_reverse") : List.of("")) {
        cells.add(cell(learned, "_l" + i + way));
      }
    }
    return new RecurrentDefinition(
            kind(layer),
            new Sequences(isBoth ? 2 : 1, isBatchFirst),
            inputs.get(0),
            cells,
            inputs.subList(1, inputs.size()),
            roundoff)
        .definition(output);
  }

  private static Cell cell(Learned learned, String suffix) {
    List<Values> biases = new ArrayList<>();
    learned.optional("bias_ih" + suffix).ifPresent(biases::add);
    learned.optional("bias_hh" + suffix).ifPresent(biases::add);
    return new Cell(
        learned.values("weight_ih" + suffix),
        learned.values("weight_hh" + suffix),
        biases,
        learned.optional("weight_hr" + suffix));
  }

  private static Kind kind(RecurrentSpec layer) {
    return switch (layer.kind()) {
      case LSTM -> Kind.LSTM;
      case GRU -> Kind.GRU;
      case RNN -> layer.nonlinearity().equals("relu") ? Kind.RELU : Kind.TANH;
    };
  }

  /** The same as a call of a program, whose weights stand in a list. */
  static Definition recurrent(CallArguments call, int output, Roundoff roundoff) {
    Kind kind = CALLS.get(call.function());
    boolean isBatched = call.array(0, "input").shape().dimension() == 3;
    if (kind == null || !call.overload().equals("input") || call.isTrue(6, "train") || !isBatched) {
      throw new CallArguments.Undefined();
    }
    List<Values> states =
        kind == Kind.LSTM ? all(call.arrays(1, "hx")) : List.of(call.array(1, "hx"));
    List<Values> params = all(call.arrays(2, "params"));
    int directions = call.isTrue(7, "bidirectional") ? 2 : 1;
    int cells = Math.toIntExact(call.whole(4, "num_layers") * directions);
    return new RecurrentDefinition(
            kind,
            new Sequences(directions, call.isTrue(8, "batch_first")),
            call.array(0, "input"),
            cells(params, cells, call.isTrue(3, "has_biases")),
            states,
            roundoff)
        .definition(output);
  }

  private static List<Values> all(List<Optional<Values>> arrays) {
    return arrays.stream().map(each -> each.orElseThrow(CallArguments.Undefined::new)).toList();
  }

  private static List<Cell> cells(List<Values> params, int number, boolean hasBiases) {
    int each = params.size() / number;
    int plain = hasBiases ? 4 : 2;
    if (params.size() % number != 0 || each < plain || each > plain + 1) {
      throw new CallArguments.Undefined();
    }
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      List<Values> own = params.subList(i * each, (i + 1) * each);
      cells.add(
          new Cell(
              own.get(0),
              own.get(1),
              own.subList(2, plain),
              each > plain ? Optional.of(own.get(plain)) : Optional.empty()));
    }
    return cells;
  }
}
