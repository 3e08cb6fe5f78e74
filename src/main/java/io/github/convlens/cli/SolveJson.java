package io.github.convlens.cli;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Size;
import io.github.convlens.plan.AxisAnswer;
import io.github.convlens.plan.AxisSolution;
import io.github.convlens.plan.Features;
import io.github.convlens.plan.Inputs;
import io.github.convlens.plan.NetSolver;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.plan.SizeRange;
import io.github.convlens.plan.Solutions;
import io.github.convlens.plan.WindowKind;
import io.github.convlens.plan.WindowNumbers;
import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * The answers of {@code convlens solve} for programs. Lists have a number for each axis, outermost
 * first; {@code perAxis} has the windows of each axis where none has the same numbers on all.
 */
final class SolveJson implements SolveForm {
  private final JsonAnswer answer;

  SolveJson(JsonAnswer answer) {
    this.answer = answer;
  }

  @Override
  public void windows(
      String kind, Size input, Size output, Solutions solutions, boolean alike, int top)
      throws IOException {
    answer.print(
        json -> {
          json.name("kind").value(kind);
          JsonAnswer.size(json, "input", input);
          JsonAnswer.size(json, "output", output);
          json.name("count").value(solutions.common().size());
          json.name("windows").beginArray();
          for (Solutions.Choice choice : first(solutions.common(), top)) {
            window(json, choice);
          }
          json.endArray().name("perAxis").beginArray();
          for (Axis axis : solutions.common().isEmpty() ? input.axes() : List.<Axis>of()) {
            axis(json, axis, solutions.on(axis), top);
          }
          json.endArray();
        });
  }

  private static <T> List<T> first(List<T> all, int top) {
    return top == 0 ? all : all.subList(0, Math.min(top, all.size()));
  }

  private static void window(JsonWriter json, Solutions.Choice choice) throws IOException {
    List<AxisSolution> axes = choice.windows();
    json.beginObject();
    each(json, "kernel", axes, WindowNumbers::kernel);
    each(json, "stride", axes, WindowNumbers::stride);
    each(json, "padding", axes, WindowNumbers::padding);
    each(json, "dilation", axes, WindowNumbers::dilation);
    if (axes.get(0).kind() == WindowKind.TRANSPOSED_CONVOLUTION) {
      each(json, "outputPadding", axes, WindowNumbers::outputPadding);
    }
    JsonAnswer.numbers(json, "untouched", axes.stream().mapToLong(AxisSolution::untouched));
    json.name("notation").value(choice.layer(1, 1).toString()).endObject();
  }

  private static void each(
      JsonWriter json, String name, List<AxisSolution> axes, ToLongFunction<WindowNumbers> number)
      throws IOException {
    LongStream numbers = axes.stream().map(AxisSolution::numbers).mapToLong(number);
    JsonAnswer.numbers(json, name, numbers);
  }

  private static void axis(JsonWriter json, Axis axis, AxisAnswer found, int top)
      throws IOException {
    json.beginObject().name("axis").value(axis.toString());
    json.name("count").value(found.solutions().size()).name("windows").beginArray();
    for (AxisSolution solution : first(found.solutions(), top)) {
      WindowNumbers numbers = solution.numbers();
      json.beginObject().name("kernel").value(numbers.kernel());
      json.name("stride").value(numbers.stride()).name("padding").value(numbers.padding());
      json.name("dilation").value(numbers.dilation());
      if (solution.kind() == WindowKind.TRANSPOSED_CONVOLUTION) {
        json.name("outputPadding").value(numbers.outputPadding());
      }
      json.name("untouched").value(solution.untouched()).endObject();
    }
    json.endArray().endObject();
  }

  @Override
  public void same(long kernel, long stride, long input, List<SamePadding> meanings)
      throws IOException {
    answer.print(
        json -> {
          json.name("kernel").value(kernel).name("stride").value(stride);
          json.name("input").value(input).name("meanings").beginArray();
          for (SamePadding meaning : meanings) {
            meaning(json, meaning);
          }
          json.endArray();
        });
  }

  private static void meaning(JsonWriter json, SamePadding meaning) throws IOException {
    json.beginObject().name("author").value(meaning.author().toString());
    if (meaning.rejection().isPresent()) {
      json.name("rejection").value(String.valueOf(meaning.rejection().get().getMessage()));
    } else {
      json.name("padBefore").value(meaning.window().orElseThrow().padBefore());
      json.name("padAfter").value(meaning.window().orElseThrow().padAfter());
      json.name("output").value(meaning.output().orElseThrow());
      json.name("djl").value(SolveText.djl(meaning.window().orElseThrow()));
    }
    json.endObject();
  }

  @Override
  public void inputs(Inputs inputs) throws IOException {
    answer.print(
        json -> {
          json.name("path").value(inputs.path());
          JsonAnswer.size(json, "output", inputs.wanted());
          json.name("inputs").beginArray();
          for (Axis axis : inputs.wanted().axes()) {
            json.beginArray();
            for (SizeRange range : inputs.on(axis)) {
              json.beginObject().name("first").value(range.first());
              json.name("last").value(range.last()).endObject();
            }
            json.endArray();
          }
          json.endArray();
        });
  }

  @Override
  public void smallest(NetSolver.Smallest smallest) throws IOException {
    answer.print(
        json -> {
          int axes = smallest.perAxis().axes().size();
          JsonAnswer.size(json, "smallest", Size.all(axes, smallest.square()));
          JsonAnswer.size(json, "perAxis", smallest.perAxis());
        });
  }

  @Override
  public void features(Shape input, Features features) throws IOException {
    answer.print(
        json -> {
          JsonAnswer.numbers(json, "input", LongStream.of(input.getShape()));
          json.name("linears").beginArray();
          for (Features.Need need : features.linears()) {
            json.beginObject().name("path").value(need.path());
            json.name("inFeatures").value(need.inFeatures());
            json.name("written").value(need.written().inFeatures()).endObject();
          }
          json.endArray().name("appended").value(features.appended());
        });
  }
}
