package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no program, or a damaged one: each is named, with what to do. */
class BadFilesTest {
  private static final String EXPORT =
      "torch.export.save(torch.export.export(model.eval(), (x,)), \"model.pt2\").";
  private static final String JSON = "two_outputs/models/model.json";
  private static final String WEIGHT = "two_outputs/data/weights/weight_0";

  @TempDir private Path folder;

  private void assertRefused(Path file, String message) {
    ProgramException refused = assertThrows(ProgramException.class, () -> Pt2File.read(file));
    assertEquals(message.replace("FILE", "'" + file + "'"), refused.getMessage());
  }

  private static Map<String, byte[]> records() throws IOException {
    Map<String, byte[]> records = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(Oracles.program("two_outputs.pt2").toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        records.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return records;
  }

  private Path stored(Map<String, byte[]> records) throws IOException {
    Path file = folder.resolve("bad.pt2");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> record : records.entrySet()) {
        ZipEntry entry = new ZipEntry(record.getKey());
        CRC32 crc = new CRC32();
        crc.update(record.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(record.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(record.getValue());
      }
    }
    return file;
  }

  private Path with(String record, byte[] bytes) throws IOException {
    Map<String, byte[]> records = records();
    records.put(record, bytes);
    return stored(records);
  }

  private Path withJson(String from, String to) throws IOException {
    String json = new String(records().get(JSON), StandardCharsets.UTF_8);
    return with(JSON, json.replace(from, to).getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void aFileThatIsCutOffIsNamed() throws IOException {
    byte[] all = Files.readAllBytes(Oracles.program("two_outputs.pt2"));
    for (int length : new int[] {10, all.length / 2, all.length - 30}) {
      assertRefused(
          file("half.pt2", Arrays.copyOf(all, length)),
          "FILE is a zip archive that is cut off or damaged: its list of records is missing or"
              + " broken.\nCopy or download it again.");
    }
  }

  @Test
  void missingRecordsAreNamed() throws IOException {
    Map<String, byte[]> records = records();
    records.remove(WEIGHT);
    assertRefused(
        stored(records),
        "FILE has no record '" + WEIGHT + "', which it names itself.\nCopy or download it again.");
    records.remove("two_outputs/data/weights/model_weights_config.json");
    assertRefused(
        stored(records),
        "FILE has no record 'two_outputs/data/weights/model_weights_config.json', which says where"
            + " its weights are.\nSave it again: "
            + EXPORT);
  }

  @Test
  void weightsThatAreTooShortAreNamed() throws IOException {
    assertRefused(
        with(WEIGHT, new byte[8]),
        "the weights called t.0.weight are too short: float32[8, 3, 3, 3] needs 864 bytes, and the"
            + " record '"
            + WEIGHT
            + "' has 8.\nCopy or download the file again.");
  }

  @Test
  void jsonThatIsNoneIsNamed() throws IOException {
    byte[] json = records().get(JSON);
    String cutOff =
        "FILE: its record '" + JSON + "' is cut off, or no JSON.\nCopy or download the file again.";
    assertRefused(with(JSON, Arrays.copyOf(json, json.length / 2)), cutOff);
    assertRefused(with(JSON, "[1]".getBytes(StandardCharsets.UTF_8)), cutOff);
    assertRefused(
        withJson("\"input_specs\"", "\"other_specs\""),
        "FILE: its description of the program lacks something, or has it in another form than"
            + " PyTorch 2.1 to 2.13 write.\nSave it again: "
            + EXPORT);
    assertRefused(
        with(
            "two_outputs/data/weights/model_weights_config.json",
            "{\"config\": {\"a\": {}}}".getBytes(StandardCharsets.UTF_8)),
        "FILE: what it says about its weights lacks something, or is in another form than PyTorch"
            + " 2.3 to 2.13 write.\nSave it again: "
            + EXPORT);
  }

  @Test
  void numbersThatAreNoneAreNotCut() throws IOException {
    for (String size : List.of("9999999999999999999", "2.5")) {
      assertRefused(
          withJson("\"as_int\": 3", "\"as_int\": " + size),
          "FILE: its description of the program lacks something, or has it in another form than"
              + " PyTorch 2.1 to 2.13 write.\nSave it again: "
              + EXPORT);
    }
  }

  @Test
  void unknownVersionsAndTypesAreNamed() throws IOException {
    assertRefused(
        withJson("\"major\": 8", "\"major\": 99"),
        "FILE is written in version 99 of the format; versions 4 to 8 are known.\n"
            + "Export it with PyTorch 2.3 to 2.13.");
    assertRefused(
        withJson("\"dtype\": 7", "\"dtype\": 77"),
        "FILE has a type of elements of the number 77, which PyTorch up to 2.13 does not write.\n"
            + "Export it with PyTorch 2.13.");
  }

  @Test
  void whatIsNotReadIsNamed() throws IOException {
    assertRefused(
        withJson("torch.ops.aten.sigmoid.default", "torch.ops.mine.sigmoid.default"),
        "FILE calls mine.sigmoid.default, which is not an operator of PyTorch's own (aten).\n"
            + "Replace it in forward by such operators, and export the model again.");
    assertRefused(
        withJson("torch.ops.aten.sigmoid.default", "torch.ops.higher_order.cond"),
        "FILE branches or loops while it runs (higher_order.cond), which is not read.\n"
            + "Export the model with that decided: without torch.cond, torch.while_loop and their"
            + " kin.");
  }

  private static final String DISTRUST =
      "\nNo export of a model holds that. Do not trust this program.";

  /** Calls become text that PyTorch compiles: they must not say more than a name. */
  @Test
  void callsThatAreMoreThanNamesAreRefused() throws IOException {
    String sigmoid = "torch.ops.aten.sigmoid.default";
    assertRefused(
        withJson(
            sigmoid,
            "torch.ops.aten.relu(v_x)\\n    getattr(torch, \\\"save\\\")(v_x, \\\"a\\\").b"),
        "FILE calls an operator 'aten.relu(v_x) getattr(torch, \"save\")(v_x, \"a\").b', which is no"
            + " name."
            + DISTRUST);
    for (String operator : List.of("aten.", "aten..default", "aten.a b.c", "aten.1a", "sym.é")) {
      assertRefused(
          withJson(sigmoid, "torch.ops." + operator),
          "FILE calls an operator '" + operator + "', which is no name." + DISTRUST);
    }
    assertRefused(
        withJson(
            "\"negative_slope\", \"arg\": {\"as_float\": 0.1}, \"kind\": 1",
            "\"x=1); torch.save(v_x, \\\"a\\\"\", \"arg\": {\"as_float\": 0.1}, \"kind\": 2"),
        "FILE calls an argument of aten.leaky_relu.default 'x=1); torch.save(v_x, \"a\"', which is no"
            + " name."
            + DISTRUST);
  }

  @Test
  void operatorsThatDoMoreThanComputeAreRefused() throws IOException {
    String sigmoid = "torch.ops.aten.sigmoid.default";
    for (String operator :
        List.of("aten.save.default", "aten.from_file.out", "aten.sym_save", "aten.load")) {
      String message = "FILE would read or write files: it calls " + operator + "." + DISTRUST;
      assertRefused(withJson(sigmoid, "torch.ops." + operator), message);
    }
    for (String operator :
        List.of("aten.warn.default", "aten._print", "aten.manual_seed", "aten.set_grad_enabled")) {
      String message =
          "FILE would print, or change more than its arrays: it calls " + operator + "." + DISTRUST;
      assertRefused(withJson(sigmoid, "torch.ops." + operator), message);
    }
  }

  @Test
  void printsAreHeldToTheSame() throws IOException {
    String print = Files.readString(Oracles.program("dynamic.txt"));
    String evil = print.replace("aten.relu.default", "aten.save.default");
    ProgramException refused = assertThrows(ProgramException.class, () -> ProgramText.parse(evil));
    assertEquals(
        "the printed program would read or write files: it calls aten.save.default." + DISTRUST,
        refused.getMessage());
  }

  @Test
  void namesThatAreNotClearAreRefused() throws IOException {
    Map<String, byte[]> records = records();
    records.put("two_outputs/../../evil", new byte[1]);
    assertRefused(
        stored(records),
        "FILE has a record whose name leads out of it: 'two_outputs/../../evil'.\n"
            + "PyTorch writes no such names. Do not trust this file.");
    records.remove("two_outputs/../../evil");
    records.put("two_outputs/data/weights/weight_X", new byte[1]);
    byte[] bytes = Files.readAllBytes(stored(records));
    byte[] name = "weight_X".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length - name.length; i++) {
      if (Arrays.equals(bytes, i, i + name.length, name, 0, name.length)) {
        bytes[i + 7] = '0';
      }
    }
    assertRefused(
        file("twice.pt2", bytes),
        "FILE has two records of the name '"
            + WEIGHT
            + "', so what it holds is not clear.\nSave it again, with the program that wrote it.");
  }

  /** Nothing of the claimed size is made: the message is there at once. */
  @Test
  void claimsBeyondTheFileAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(stored(records()));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(bytes.length - 6);
    String first = records().keySet().iterator().next();
    buffer.putInt(directory + 20, 0xfffffff0).putInt(directory + 24, 0xfffffff0);
    assertRefused(
        file("claim.pt2", bytes),
        "FILE is damaged: its record '"
            + first
            + "' claims more bytes than the file has, which is "
            + bytes.length
            + ".\nCopy or download it again.");
  }

  @Test
  void aBombIsNotUnpacked() throws IOException {
    Path file = folder.resolve("bomb.pt2");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a/models/model.json"));
      byte[] spaces = new byte[1 << 20];
      Arrays.fill(spaces, (byte) ' ');
      for (int i = 0; i < 200; i++) {
        zip.write(spaces);
      }
    }
    assertRefused(
        file,
        "FILE: its record 'a/models/model.json' claims 209715200 bytes; that of no model has more"
            + " than 128 MiB.\nSave it again: "
            + EXPORT);
  }

  @Test
  void bytesThatWereChangedAreNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(stored(records()));
    byte[] weight = records().get(WEIGHT);
    for (int i = 0; i < bytes.length - 16; i++) {
      if (Arrays.equals(bytes, i, i + 16, weight, 0, 16)) {
        bytes[i] ^= 1;
      }
    }
    Path file = file("changed.pt2", bytes);
    Program program = Pt2File.read(file);
    try (Weights.Reader reader = program.weights().open()) {
      ProgramException refused =
          assertThrows(ProgramException.class, () -> reader.bytes("t.0.weight"));
      assertEquals(
          "'"
              + file
              + "' is damaged: the bytes of its record '"
              + WEIGHT
              + "' have another checksum.\nCopy or download it again.",
          refused.getMessage());
    }
  }

  @Test
  void otherFilesAreNamed() throws IOException {
    assertRefused(folder, "FILE is a folder.\nGive the file that torch.export.save writes.");
    assertRefused(file("empty.pt2", new byte[0]), "FILE is empty.\nExport its model: " + EXPORT);
    assertRefused(
        file("model.onnx", new byte[] {8, 8, 0x12, 7, 'p', 'y', 't', 'o', 'r', 'c', 'h'}),
        "FILE is an ONNX model, which is not read yet.\nExport its model: " + EXPORT);
    assertRefused(
        file("old.pth", new byte[] {(byte) 0x80, 2, 'q', '.'}),
        "FILE is a pickle of Python's, as torch.save wrote it before PyTorch 1.6: weights, without"
            + " what forward does.\nLoad it into its model, and export that: "
            + EXPORT);
    assertRefused(
        file("text.pt2", "hello".getBytes(StandardCharsets.UTF_8)),
        "FILE is no zip archive, so torch.export.save did not write it.\nExport its model: "
            + EXPORT);
  }

  @Test
  void otherArchivesAreNamed() throws IOException {
    assertRefused(
        stored(Map.of("net/constants.pkl", new byte[0])),
        "FILE is a TorchScript archive, which torch.jit.save writes. It holds no exported"
            + " program.\nExport its model: "
            + EXPORT);
    assertRefused(
        stored(Map.of("net/data.pkl", new byte[0])),
        "FILE is an archive that torch.save writes: weights, or a model of Python's, without what"
            + " forward does.\nLoad it into its model, and export that: "
            + EXPORT);
    assertRefused(
        stored(Map.of("net/data/aotinductor/model/a.so", new byte[0])),
        "FILE is an AOTInductor package: compiled for one machine, without the program.\n"
            + "Export its model: "
            + EXPORT);
    assertRefused(
        stored(Map.of("a.txt", new byte[0])),
        "FILE is a zip archive without an exported program: it has neither models/model.json nor"
            + " serialized_exported_program.json.\nExport its model: "
            + EXPORT);
  }

  /** {@code os.system("echo")}: nothing but arrays and containers is built. */
  @Test
  void aPickleThatWantsMoreIsRefused() throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(inner)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(
          "\u0080\u0002cposix\nsystem\nX\4\0\0\0echo\u0085R."
              .getBytes(StandardCharsets.ISO_8859_1));
    }
    Map<String, byte[]> records = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(Oracles.program("dynamic_old.pt2").toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        records.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    records.put("serialized_state_dict.pt", inner.toByteArray());
    assertRefused(
        stored(records),
        "FILE, record 'serialized_state_dict.pt' holds a pickle that wants 'posix.system', which is"
            + " neither an array nor a container; it was not built.\n"
            + "Do not load it in Python either unless you trust whoever made it.");
  }
}
