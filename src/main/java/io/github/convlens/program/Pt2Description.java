package io.github.convlens.program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the archive of an exported program says in text, without its numbers: for those who have the
 * records and no file, such as a page in a browser. {@link Pt2File} reads the same from a file.
 */
public final class Pt2Description {
  private Pt2Description() {}

  /**
   * Where things are in an archive that {@code torch.export.save} writes today.
   *
   * @param root what stands in front of all names: {@code model/}
   * @param name the program's name
   */
  record Records(String root, String name) {
    String model() {
      return root + "models/" + name + ".json";
    }

    String weights() {
      return root + "data/weights/";
    }

    String weightsConfig() {
      return name + "_weights_config.json";
    }

    String constants() {
      return root + "data/constants/";
    }

    String constantsConfig() {
      return name + "_constants_config.json";
    }
  }

  static Records records(String file, Set<String> names) {
    List<String> models = names.stream().filter(FileKind::isModel).toList();
    if (models.size() > 1) {
      throw new ProgramException(
          file
              + " holds several programs: "
              + String.join(", ", models)
              + ".\nSave the one that is wanted alone.");
    }
    String model = models.get(0);
    String name = model.substring(model.lastIndexOf('/') + 1, model.length() - ".json".length());
    return new Records(model.substring(0, model.indexOf("models/")), name);
  }

  /**
   * The records whose texts {@link #program} needs.
   *
   * @param file what messages call the archive
   * @param names the names of all of its records
   * @throws ProgramException if it holds no exported program: what it is, and what to do
   */
  public static List<String> needed(String file, Set<String> names) {
    FileKind kind = FileKind.of(names);
    if (kind != FileKind.PROGRAM) {
      throw new ProgramException(file + " " + kind.complaint());
    }
    if (names.contains(Pt2File.OLD_PROGRAM)) {
      return List.of(Pt2File.OLD_PROGRAM);
    }
    Records records = records(file, names);
    List<String> needed = new ArrayList<>();
    needed.add(records.model());
    needed.add(records.weights() + records.weightsConfig());
    needed.add(records.constants() + records.constantsConfig());
    for (String name : needed) {
      if (!names.contains(name)) {
        throw lacks(file, name);
      }
    }
    return needed;
  }

  /**
   * The program. Its weights have names, types and sizes, and no file. Of an archive of PyTorch 2.1
   * to 2.7 they have none, so that tied ones are not known to be one.
   *
   * @param file what messages call the archive
   * @param texts the records that are {@link #needed}, by their names
   * @throws ProgramException if something in it is missing or not known
   */
  public static Program program(String file, Map<String, String> texts) {
    String old = texts.get(Pt2File.OLD_PROGRAM);
    if (old != null) {
      Weights none = new Weights(Optional.empty(), Map.of());
      return new ProgramJson(file, json(file, Pt2File.OLD_PROGRAM, old)).program(none);
    }
    Records records = records(file, texts.keySet());
    Map<String, Weights.Stored> stored = new LinkedHashMap<>();
    String weights = records.weights() + records.weightsConfig();
    stored.putAll(arrays(file, records.weights(), json(file, weights, text(file, texts, weights))));
    String constants = records.constants() + records.constantsConfig();
    stored.putAll(
        arrays(file, records.constants(), json(file, constants, text(file, texts, constants))));
    Json json = json(file, records.model(), text(file, texts, records.model()));
    return new ProgramJson(file, json).program(new Weights(Optional.empty(), stored));
  }

  private static String text(String file, Map<String, String> texts, String record) {
    String text = texts.get(record);
    if (text == null) {
      throw lacks(file, record);
    }
    return text;
  }

  /** Where the arrays are that a record tells of, by their names in the state dict. */
  static Map<String, Weights.Stored> arrays(String file, String folder, Json config) {
    Map<String, Weights.Stored> arrays = new LinkedHashMap<>();
    Json all = config.at("config");
    for (String name : all.names()) {
      Json place = all.at(name);
      if (place.at("use_pickle").truth()) {
        throw new ProgramException(
            file
                + ": '"
                + name
                + "' is no plain array but an object of a class of its own, in a pickle.\n"
                + "Convert it to a plain tensor before the export.");
      }
      String record = folder + place.at("path_name").text();
      arrays.put(name, stored(file, record, place.at("tensor_meta")));
    }
    return arrays;
  }

  private static Weights.Stored stored(String file, String record, Json meta) {
    ProgramJson types = new ProgramJson(file, meta);
    List<Long> strides = new ArrayList<>();
    for (Json stride : meta.at("strides")) {
      strides.add(stride.at("as_int").whole());
    }
    long offset = meta.at("storage_offset").at("as_int").whole();
    return new Weights.Stored(Optional.empty(), record, types.tensorType(meta), strides, offset);
  }

  static ProgramException lacks(String file, String record) {
    return new ProgramException(
        file
            + " has no record '"
            + record
            + "', which says where its weights are.\n"
            + Pt2File.SAVE_AGAIN);
  }

  /** The object that a record's text is. */
  static Json json(String file, String record, String text) {
    try {
      Json json = Json.parse(text);
      if (json.isObject()) {
        return json;
      }
      throw noJson(file, record, null);
    } catch (IOException | IllegalStateException e) {
      throw noJson(file, record, e);
    }
  }

  private static ProgramException noJson(String file, String record, @Nullable Exception cause) {
    String message =
        file
            + ": its record '"
            + record
            + "' is cut off, or no JSON.\nCopy or download the file again.";
    return cause == null ? new ProgramException(message) : new ProgramException(message, cause);
  }
}
