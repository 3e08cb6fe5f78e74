package io.github.convlens.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files that {@code torch.export.save} writes: today's archive ({@code models/model.json} and a
 * record for each array), and that of PyTorch 2.1 to 2.7 ({@code serialized_exported_program.json}
 * beside a pickled state dict).
 */
public final class Pt2File {
  static final String SAVE =
      "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\").";

  static final String SAVE_AGAIN = "Save it again: " + SAVE;

  static final String EXPORT = "Export its model: " + SAVE;

  static final String OLD_PROGRAM = "serialized_exported_program.json";
  private static final String OLD_WEIGHTS = "serialized_state_dict.pt";

  /** The longest description of a program: 128 MiB; that of a large vision model has 5. */
  private static final long MOST_JSON = 128L << 20;

  private final Path file;
  private final ZipArchive archive;

  private Pt2File(Path file, ZipArchive archive) {
    this.file = file;
    this.archive = archive;
  }

  /**
   * Reads a program. Its weights stay in the file until they are asked for.
   *
   * @throws ProgramException if the file is no program, or one that cannot be read: what it is, and
   *     what to do
   * @throws IOException if the disk fails
   */
  public static Program read(Path file) throws IOException {
    FileKind.rejectWhatIsNoArchive(file);
    try (ZipArchive archive = ZipArchive.open(file)) {
      Pt2File pt2 = new Pt2File(file, archive);
      return pt2.described(pt2::program);
    }
  }

  /**
   * Writes a program's file once more, with other numbers for its parameters and buffers, such as
   * training made of them; {@code torch.export.load} opens it. All that is not given stays.
   *
   * @param to the file; one that is there is replaced, also that of the program itself
   * @param program what {@link #read} gave, whole
   * @param weights arrays by the names, and of the types and sizes, that the program has
   * @throws ProgramException if they are others, or the program is a part or from a print
   * @throws IOException if the file cannot be written; then the old one, or none, is there
   */
  public static void write(Path to, Program program, StateDict weights) throws IOException {
    Pt2Copy.write(to, program, weights);
  }

  /**
   * Whether a file is of a kind that holds models, by its content: an archive, a pickle, ONNX; or a
   * folder. {@link #read} then reads it, or says what it is. Anything else may be text.
   */
  public static boolean isModel(Path file) throws IOException {
    return FileKind.isBinary(file);
  }

  static ZipArchive.Entry entry(ZipArchive archive, String name) {
    ZipArchive.Entry entry = archive.entries().get(name);
    if (entry == null) {
      throw new ProgramException(
          archive.name()
              + " has no record '"
              + name
              + "', which it names itself.\nCopy or download it again.");
    }
    return entry;
  }

  /** Where parameters and buffers of a program are, whatever its calls are. */
  static Weights stateDict(Path file, ZipArchive archive) throws IOException {
    Pt2File pt2 = new Pt2File(file, archive);
    return pt2.described(pt2::stateDict);
  }

  private Weights stateDict() throws IOException {
    Map<String, Weights.Stored> stored = new LinkedHashMap<>();
    if (archive.entries().containsKey(OLD_PROGRAM)) {
      addPickled(stored, OLD_WEIGHTS);
    } else {
      Pt2Description.Records records = Pt2Description.records(name(), archive.entries().keySet());
      checkByteOrder(file, archive, records.root());
      addStored(stored, records.weights(), records.weightsConfig());
    }
    return new Weights(Optional.of(file), stored);
  }

  /** Something that is read of a description, which may be another than is expected. */
  private interface Part<T> {
    T read() throws IOException;
  }

  private <T> T described(Part<T> part) throws IOException {
    try {
      return part.read();
    } catch (NullPointerException
        | ClassCastException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new ProgramException(
          "'"
              + file
              + "': what it says about its weights lacks something, or is in another form than"
              + " PyTorch 2.3 to 2.13 write.\n"
              + SAVE_AGAIN,
          e);
    }
  }

  private Program program() throws IOException {
    FileKind kind = FileKind.of(archive);
    if (kind != FileKind.PROGRAM) {
      throw new ProgramException("'" + file + "' " + kind.complaint());
    }
    return archive.entries().containsKey(OLD_PROGRAM) ? old() : today();
  }

  private Program today() throws IOException {
    Pt2Description.Records records = Pt2Description.records(name(), archive.entries().keySet());
    checkByteOrder(file, archive, records.root());
    Json json = json(records.model());
    Map<String, Weights.Stored> stored = new LinkedHashMap<>();
    addStored(stored, records.weights(), records.weightsConfig());
    addStored(stored, records.constants(), records.constantsConfig());
    return new ProgramJson(name(), json).program(new Weights(Optional.of(file), stored));
  }

  /** Refuses an archive of {@code torch.save} or of a program that a big-endian machine wrote. */
  static void checkByteOrder(Path file, ZipArchive archive, String root) throws IOException {
    ZipArchive.Entry entry = archive.entries().get(root + "byteorder");
    if (entry != null && !text(archive, entry).strip().equals("little")) {
      throw new ProgramException(
          "'"
              + file
              + "' was written on a machine of another byte order, which is not read.\n"
              + "Save it again on one of today's usual machines, which are little-endian.");
    }
  }

  private void addStored(Map<String, Weights.Stored> stored, String folder, String config)
      throws IOException {
    if (!archive.entries().containsKey(folder + config)) {
      throw Pt2Description.lacks(name(), folder + config);
    }
    Map<String, Weights.Stored> arrays =
        Pt2Description.arrays(name(), folder, json(folder + config));
    for (Map.Entry<String, Weights.Stored> each : arrays.entrySet()) {
      Weights.Stored array = each.getValue();
      Weights.checkLength(each.getKey(), array, entry(archive, array.record()).size());
    }
    stored.putAll(arrays);
  }

  private String name() {
    return "'" + file + "'";
  }

  private Program old() throws IOException {
    Map<String, Weights.Stored> stored = new LinkedHashMap<>();
    addPickled(stored, OLD_WEIGHTS);
    addPickled(stored, "serialized_constants.pt");
    return new ProgramJson(name(), json(OLD_PROGRAM))
        .program(new Weights(Optional.of(file), stored));
  }

  private void addPickled(Map<String, Weights.Stored> stored, String record) throws IOException {
    ZipArchive.Entry entry = archive.entries().get(record);
    if (entry != null && entry.size() > 0) {
      String name = name() + ", record '" + record + "'";
      stored.putAll(TorchPickle.read(name, archive.nested(entry), Optional.of(record)));
    }
  }

  private Json json(String record) throws IOException {
    ZipArchive.Entry entry = entry(archive, record);
    if (entry.size() > MOST_JSON) {
      throw new ProgramException(
          "'"
              + file
              + "': its record '"
              + record
              + "' claims "
              + entry.size()
              + " bytes; that of no model has more than 128 MiB.\n"
              + SAVE_AGAIN);
    }
    return Pt2Description.json(name(), record, text(archive, entry));
  }

  private static String text(ZipArchive archive, ZipArchive.Entry entry) throws IOException {
    ByteBuffer bytes = archive.read(entry);
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
