package io.github.convlens.page.internal;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.layer.internal.ShapeText;
import io.github.convlens.program.Program;
import io.github.convlens.program.ProgramException;
import io.github.convlens.program.ProgramInputs;
import io.github.convlens.program.Pt2Description;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Files with exported programs that were dropped on the page. A question names one by what it is
 * called: {@code model.pt2}.
 */
final class OpenedFiles {
  private static final Map<String, Program> PROGRAMS = new HashMap<>();
  private static final String ENDING = ".pt2";

  private OpenedFiles() {}

  /**
   * The records of an archive that {@link #open} needs.
   *
   * @param records the names of all
   * @return {@code {"error": null, "records": [..]}}
   */
  static String needed(String file, List<String> records) {
    return told(
        () -> {
          List<String> needed =
              Pt2Description.needed("'" + file + "'", new LinkedHashSet<>(records));
          return json -> {
            json.name("records").beginArray();
            for (String name : needed) {
              json.value(name);
            }
            json.endArray();
          };
        });
  }

  /**
   * Reads a program and keeps it under the file's name.
   *
   * @param records the names of the records, and behind each its text
   * @return {@code {"error": null, "layers": "model.pt2", "input": "1x3x32x32"}}: how to ask about
   *     it; the file's name, which ends in {@code .pt2}
   */
  static String open(String file, List<String> records) {
    return told(
        () -> {
          Map<String, String> texts = new LinkedHashMap<>();
          for (int i = 0; i < records.size(); i += 2) {
            texts.put(records.get(i), records.get(i + 1));
          }
          String name = file.endsWith(ENDING) ? file : file + ENDING;
          Program program = Pt2Description.program("'" + file + "'", texts);
          PROGRAMS.put(name, program);
          List<Shape> own = ProgramInputs.own(program);
          String input = own.size() == 1 ? ShapeText.crossed(own.get(0)) : "";
          return json -> json.name("layers").value(name).name("input").value(input);
        });
  }

  private static String told(Supplier<JsonText> work) {
    try {
      JsonText answer = work.get();
      return JsonText.object(
          json -> {
            json.name("error").nullValue();
            answer.write(json);
          });
    } catch (ProgramException | ShapeException e) {
      return JsonText.object(json -> json.name("error").value(e.getMessage()));
    }
  }

  /**
   * The program of a name; empty where the text is no name of a file.
   *
   * @throws ProgramException if it is, and the file was not opened
   */
  static Optional<Program> find(String text) {
    String name = text.strip();
    if (!name.endsWith(ENDING) || name.indexOf('\n') >= 0) {
      return Optional.empty();
    }
    Program program = PROGRAMS.get(name);
    if (program == null) {
      throw new ProgramException(
          "the file '" + name + "' is not open here.\nDrop it on this page, or choose it.");
    }
    return Optional.of(program);
  }
}
