package io.github.convlens.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The kinds of files that hold a state dict. */
final class StateDictFile {
  private static final String GIVE =
      "Give a .safetensors, an .npz, a .pth that torch.save(model.state_dict(), \"model.pth\")"
          + " writes, or an exported program.";

  private StateDictFile() {}

  static StateDict read(Path file) throws IOException {
    String name = "'" + file + "' ";
    if (Files.isDirectory(file)) {
      throw new ProgramException(name + "is a folder.\n" + GIVE);
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ProgramException(name + "is not a readable file.\nLook at its name.");
    }
    byte[] head = FileKind.head(file);
    if (FileKind.isZip(head)) {
      return archive(file);
    }
    String lower = file.toString().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".safetensors")) {
      return StateDict.of(ArrayFile.read(file));
    }
    if (head.length > 0 && head[0] == (byte) 0x80) {
      throw new ProgramException(
          name
              + "is a bare pickle of Python's, as torch.save wrote it before PyTorch 1.6.\nSave it"
              + " anew: torch.save(torch.load(\"old.pth\", weights_only=True), \"model.pth\").");
    }
    if (FileKind.isOnnx(head) || lower.endsWith(".onnx")) {
      throw new ProgramException(name + "is an ONNX model, which is not read yet.\n" + GIVE);
    }
    throw new ProgramException(
        name + (head.length == 0 ? "is empty.\n" : "is no file of weights by names.\n") + GIVE);
  }

  private static StateDict archive(Path file) throws IOException {
    try (ZipArchive archive = ZipArchive.open(file)) {
      FileKind kind = FileKind.of(archive);
      return switch (kind) {
        case PROGRAM -> StateDict.of(Pt2File.stateDict(file, archive));
        case CHECKPOINT -> StateDict.of(checkpoint(file, archive));
        case OTHER -> numPys(file, archive);
        case COMPILED -> throw new ProgramException("'" + file + "' " + kind.complaint());
        case TORCH_SCRIPT ->
            throw new ProgramException(
                "'"
                    + file
                    + "' is a TorchScript archive, whose weights are not read.\nSave them:"
                    + " torch.save(torch.jit.load(\"model.pt\").state_dict(), \"model.pth\").");
      };
    }
  }

  private static StateDict numPys(Path file, ZipArchive archive) throws IOException {
    if (!archive.entries().keySet().stream().allMatch(record -> record.endsWith(".npy"))) {
      throw new ProgramException("'" + file + "' is a zip archive without weights.\n" + GIVE);
    }
    return StateDict.of(ArrayFile.read(file));
  }

  private static Weights checkpoint(Path file, ZipArchive archive) throws IOException {
    Pt2File.checkByteOrder(file, archive, TorchPickle.root("'" + file + "'", archive));
    Map<String, Weights.Stored> stored =
        TorchPickle.read("'" + file + "'", archive, Optional.empty());
    for (Map.Entry<String, Weights.Stored> each : stored.entrySet()) {
      long length = Pt2File.entry(archive, each.getValue().record()).size();
      Weights.checkLength(each.getKey(), each.getValue(), length);
    }
    return new Weights(Optional.of(file), stored);
  }
}
