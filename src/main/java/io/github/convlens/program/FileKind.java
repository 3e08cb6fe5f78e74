package io.github.convlens.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a file is that is given as a program. */
enum FileKind {
  /** What {@code torch.export.save} writes. */
  PROGRAM(""),
  /** What {@code torch.jit.save} writes. */
  TORCH_SCRIPT(
      "is a TorchScript archive, which torch.jit.save writes. It holds no exported program.\n"
          + Pt2File.EXPORT),
  /** What {@code torch.save} writes. */
  CHECKPOINT(
      "is an archive that torch.save writes: weights, or a model of Python's, without what forward"
          + " does.\nLoad it into its model, and export that: "
          + Pt2File.SAVE),
  /** What {@code aoti_compile_and_package} writes. */
  COMPILED(
      "is an AOTInductor package: compiled for one machine, without the program.\n"
          + Pt2File.EXPORT),
  /** Anything else. */
  OTHER(
      "is a zip archive without an exported program: it has neither models/model.json nor"
          + " serialized_exported_program.json.\n"
          + Pt2File.EXPORT);

  private final String complaint;

  FileKind(String complaint) {
    this.complaint = complaint;
  }

  /** What the file is, and what to do. */
  String complaint() {
    return complaint;
  }

  static FileKind of(ZipArchive archive) {
    return of(archive.entries().keySet());
  }

  /** By the names of its records. */
  static FileKind of(Set<String> names) {
    if (names.contains("serialized_exported_program.json")
        || names.stream().anyMatch(FileKind::isModel)) {
      return PROGRAM;
    }
    if (names.stream().anyMatch(name -> name.contains("data/aotinductor/"))) {
      return COMPILED;
    }
    if (names.stream().anyMatch(name -> name.endsWith("/constants.pkl"))) {
      return TORCH_SCRIPT;
    }
    if (names.stream().anyMatch(name -> name.endsWith("/data.pkl"))) {
      return CHECKPOINT;
    }
    return OTHER;
  }

  /** {@code NAME/models/model.json}: the archive's only folder, and the model's name. */
  static boolean isModel(String record) {
    int at = record.indexOf("/models/");
    return at > 0
        && record.indexOf('/') == at
        && record.endsWith(".json")
        && record.indexOf('/', at + "/models/".length()) < 0;
  }

  static boolean isZip(byte[] head) {
    return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] < 9 && head[3] < 9;
  }

  /** A model in one form or another, or a folder; a pipe is not looked into. */
  static boolean isBinary(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return true;
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return false;
    }
    byte[] head = head(file);
    boolean known = isZip(head) || isOnnx(head) || (head.length > 0 && head[0] == (byte) 0x80);
    return known || (isNamedSo(file) && !isText(head));
  }

  private static boolean isNamedSo(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Stream.of(".pt2", ".pt", ".pth", ".onnx", ".ckpt").anyMatch(name::endsWith);
  }

  private static boolean isText(byte[] head) {
    boolean text = head.length > 0;
    for (byte each : head) {
      text &= each >= '\t';
    }
    return text;
  }

  static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(8);
    }
  }

  /** Says what a file is that is no zip archive. */
  static void rejectWhatIsNoArchive(Path file) throws IOException {
    String name = "'" + file + "' ";
    if (Files.isDirectory(file)) {
      throw new ProgramException(
          name + "is a folder.\nGive the file that torch.export.save writes.");
    }
    if (!Files.isReadable(file)) {
      throw new ProgramException(name + "is not a readable file.\nLook at its name.");
    }
    byte[] head = head(file);
    if (isZip(head)) {
      return;
    }
    String lower = file.toString().toLowerCase(Locale.ROOT);
    if (head.length == 0) {
      throw new ProgramException(name + "is empty.\n" + Pt2File.EXPORT);
    }
    if (head[0] == (byte) 0x80) {
      throw new ProgramException(
          name
              + "is a pickle of Python's, as torch.save wrote it before PyTorch 1.6: weights,"
              + " without what forward does.\nLoad it into its model, and export that: "
              + Pt2File.SAVE);
    }
    if (isOnnx(head) || lower.endsWith(".onnx")) {
      throw new ProgramException(
          name + "is an ONNX model, which is not read yet.\n" + Pt2File.EXPORT);
    }
    throw new ProgramException(
        name + "is no zip archive, so torch.export.save did not write it.\n" + Pt2File.EXPORT);
  }

  /** A protocol buffer whose first field is the version and whose second the producer. */
  static boolean isOnnx(byte[] head) {
    return head.length > 3 && head[0] == 8 && head[1] > 0 && head[1] < 32 && head[2] == 0x12;
  }
}
