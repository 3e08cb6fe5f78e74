package io.github.convlens.page.internal;

import com.google.gson.stream.JsonWriter;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.internal.Printable;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.plan.PlanException;
import io.github.convlens.plan.SamePadding;
import io.github.convlens.trace.Explanation;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.internal.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Two questions side by side: what their answers have in common, and what not. */
final class Comparison {
  /** So many pairs of layers are looked at; beyond that layers meet by their places. */
  private static final long MOST_PAIRS = 4_000_000;

  private final Explorer left;
  private final Explorer right;

  Comparison(Explorer left, Explorer right) {
    this.left = left;
    this.right = right;
  }

  /** Layers that stand side by side; -1 where there is none on that side. */
  private record Pair(int left, int right) {}

  /**
   * {@code {"left": {"error", "shape"}, "right": {..}, "facts": [{"name", "left", "right"}],
   * "rows": [{"left": {"place", "path", "notation", "output", "parameters", "macs", "field",
   * "window"}, "right": {..}}]}}: what the answers say as a whole, and their layers, those that
   * match beside each other; a side without a partner is null. No facts and rows where one of them
   * has no answer.
   */
  String answer() {
    return JsonText.object(
        json -> {
          side(json.name("left"), left);
          side(json.name("right"), right);
          json.name("facts").beginArray();
          if (left.trace().isPresent() && right.trace().isPresent()) {
            facts(json, left.trace().get(), right.trace().get());
          }
          json.endArray();
          json.name("rows").beginArray();
          if (left.trace().isPresent() && right.trace().isPresent()) {
            rows(json, left.trace().get().rows(), right.trace().get().rows());
          }
          json.endArray();
        });
  }

  private static void side(JsonWriter json, Explorer side) throws IOException {
    json.beginObject().name("error").value(side.error().orElse(null));
    json.name("shape").value(side.shape().orElse(null)).endObject();
  }

  private static void facts(JsonWriter json, Trace one, Trace other) throws IOException {
    fact(json, "input", one, other, trace -> ShapeText.listed(trace.input()));
    fact(json, "output", one, other, trace -> ShapeText.listed(trace.output()));
    fact(json, "layers", one, other, trace -> Texts.total(trace.rows().size()));
    fact(json, "parameters", one, other, trace -> Texts.total(trace.totals().parameters()));
    fact(json, "macs", one, other, trace -> Texts.total(trace.totals().cost()));
    fact(json, "numbers", one, other, trace -> Texts.total(trace.totals().activationBytes() / 4));
    fact(json, "field", one, other, trace -> Texts.fieldSize(last(trace).receptiveField()));
    fact(json, "stride", one, other, trace -> Texts.fieldStride(last(trace).receptiveField()));
    if (one.rows().size() == 1 && other.rows().size() == 1) {
      for (Axis axis : Axis.of(2)) {
        fact(json, axis.toString(), one, other, trace -> formula(trace, axis));
      }
    }
  }

  private static String formula(Trace trace, Axis axis) {
    boolean has = Axis.in(trace.input()).contains(axis);
    return has ? Explanation.formula(trace.rows().get(0), axis).orElse("") : "";
  }

  private static Row last(Trace trace) {
    return trace.rows().get(trace.rows().size() - 1);
  }

  private static void fact(
      JsonWriter json, String name, Trace one, Trace other, Function<Trace, String> fact)
      throws IOException {
    String left = fact.apply(one);
    String right = fact.apply(other);
    if (!left.isEmpty() || !right.isEmpty()) {
      json.beginObject().name("name").value(name);
      json.name("left").value(left).name("right").value(right).endObject();
    }
  }

  private static void rows(JsonWriter json, List<Row> one, List<Row> other) throws IOException {
    for (Pair pair : pairs(one, other)) {
      json.beginObject();
      row(json.name("left"), one, pair.left);
      row(json.name("right"), other, pair.right);
      json.endObject();
    }
  }

  private static void row(JsonWriter json, List<Row> rows, int place) throws IOException {
    if (place < 0) {
      json.nullValue();
      return;
    }
    Row row = rows.get(place);
    json.beginObject().name("place").value(place);
    json.name("path").value(Printable.line(row.path()));
    json.name("notation").value(Printable.line(row.notation()));
    json.name("output").value(ShapeText.listed(row.output()));
    json.name("parameters").value(Texts.total(row.parameters()));
    json.name("macs").value(Texts.total(row.cost()));
    json.name("field").value(Texts.fieldSize(row.receptiveField()));
    json.name("window").value(Explorer.hasWindow(row)).endObject();
  }

  /** Equal layers count 3, layers of one class 1: the most of them that stand in one order. */
  private static List<Pair> pairs(List<Row> one, List<Row> other) {
    if ((long) one.size() * other.size() > MOST_PAIRS) {
      return byPlace(one.size(), other.size());
    }
    int[][] best = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        int score = score(one.get(i), other.get(j));
        int together = score == 0 ? 0 : score + best[i + 1][j + 1];
        best[i][j] = Math.max(together, Math.max(best[i + 1][j], best[i][j + 1]));
      }
    }
    List<Pair> pairs = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < one.size() || j < other.size()) {
      boolean both = i < one.size() && j < other.size();
      int score = both ? score(one.get(i), other.get(j)) : 0;
      if (score > 0 && best[i][j] == score + best[i + 1][j + 1]) {
        pairs.add(new Pair(i++, j++));
      } else if (i < one.size() && (!both || best[i][j] == best[i + 1][j])) {
        pairs.add(new Pair(i++, -1));
      } else {
        pairs.add(new Pair(-1, j++));
      }
    }
    return pairs;
  }

  private static int score(Row one, Row other) {
    return one.layer().equals(other.layer()) ? 3 : one.type().equals(other.type()) ? 1 : 0;
  }

  private static List<Pair> byPlace(int one, int other) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.max(one, other); i++) {
      pairs.add(new Pair(i < one ? i : -1, i < other ? i : -1));
    }
    return Collections.unmodifiableList(pairs);
  }

  /**
   * What "same" padding means to its authors, on one axis: {@code {"error": null, "authors":
   * [{"author": "NOTES", "before", "after", "output", "rejection"}]}}.
   */
  static String samePaddings(int kernel, int stride, int input) {
    try {
      List<SamePadding> all = SamePadding.compare(kernel, stride, input);
      return JsonText.object(
          json -> {
            json.name("error").nullValue();
            json.name("authors").beginArray();
            for (SamePadding each : all) {
              same(json, each);
            }
            json.endArray();
          });
    } catch (PlanException e) {
      return JsonText.object(json -> json.name("error").value(e.getMessage()));
    }
  }

  private static void same(JsonWriter json, SamePadding each) throws IOException {
    json.beginObject().name("author").value(each.author().name());
    if (each.window().isPresent()) {
      json.name("before").value(each.window().get().padBefore());
      json.name("after").value(each.window().get().padAfter());
      json.name("output").value(each.output().orElse(0));
    }
    String rejection = each.rejection().map(Throwable::getMessage).orElse(null);
    json.name("rejection").value(rejection).endObject();
  }
}
