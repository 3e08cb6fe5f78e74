package io.github.convlens.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State dicts as torch.save and the library safetensors write them, read and written. */
class StateDictTest {
  private static final String GIVE =
      "Give a .safetensors, an .npz, a .pth that torch.save(model.state_dict(), \"model.pth\")"
          + " writes, or an exported program.";

  @TempDir Path folder;

  private static Path file(String name) {
    return Path.of("src/test/resources/io/github/convlens/program").resolve(name);
  }

  private static Map<String, ArrayFile.Numbers> sorted(StateDict weights) throws IOException {
    return new TreeMap<>(weights.arrays());
  }

  @Test
  void namesKeepPyTorchsOrder() throws IOException {
    StateDict weights = StateDict.read(file("state.pth"));
    List<String> lines = new ArrayList<>();
    for (String name : weights.names()) {
      lines.add(name + " " + weights.type(name).orElseThrow() + " " + weights.bytes(name));
    }
    assertEquals(
        List.of(
            "halves float16[3] 6",
            "tied float32[3, 2, 1, 2] 48",
            "brain bfloat16[1, 2] 4",
            "mask bool[3] 3",
            "turned float64[3, 2] 48",
            "conv.weight float32[3, 2, 1, 2] 48",
            "conv.bias float32[3] 12",
            "bn.weight float32[3] 12",
            "bn.bias float32[3] 12",
            "bn.running_mean float32[3] 12",
            "bn.running_var float32[3] 12",
            "bn.num_batches_tracked int64[] 8"),
        lines);
  }

  /** The library's file has the arrays row after row, PyTorch's one of them column after column. */
  @Test
  void bothOfPyTorchsFilesHoldTheSame() throws IOException {
    StateDict pickled = StateDict.read(file("state.pth"));
    assertEquals(sorted(StateDict.read(file("state.safetensors"))), sorted(pickled));
    try (StateDict.Reader reader = pickled.open()) {
      assertEquals(3.0, reader.bytes("turned").getDouble(8));
    }
  }

  @Test
  void readsWhatItWrites() throws IOException {
    StateDict weights = StateDict.read(file("state.pth"));
    Path safe = folder.resolve("w.safetensors");
    weights.save(safe);
    assertEquals(weights.arrays(), StateDict.read(safe).arrays());
    assertEquals(weights.names().toString(), StateDict.read(safe).names().toString());
    weights.save(safe);
    StateDict.read(safe).save(safe);
    assertEquals(weights.arrays(), StateDict.read(safe).arrays());
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>(weights.arrays());
    arrays.remove("brain");
    Path npz = folder.resolve("w.NPZ");
    StateDict.of(arrays).save(npz);
    assertEquals(arrays, StateDict.read(npz).arrays());
  }

  @Test
  void whatCannotBeWrittenLeavesNothing() throws IOException {
    StateDict weights = StateDict.read(file("state.pth"));
    ProgramException e =
        assertThrows(ProgramException.class, () -> weights.save(folder.resolve("w.npz")));
    assertEquals(
        "'brain' has elements of type bfloat16, which NumPy lacks.\nWrite a .safetensors.",
        e.getMessage());
    Path pth = folder.resolve("w.pth");
    e = assertThrows(ProgramException.class, () -> weights.save(pth));
    assertEquals("'" + pth + "' must end in .safetensors or .npz.", e.getMessage());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic.pt2", "dynamic_old.pt2"})
  void parametersAndBuffersOfAProgramAreItsStateDict(String name) throws IOException {
    StateDict weights = StateDict.read(Oracles.program(name));
    assertEquals(
        Set.of(
            "c.weight",
            "c.bias",
            "b.weight",
            "b.bias",
            "b.running_mean",
            "b.running_var",
            "b.num_batches_tracked",
            "d.weight",
            "d.bias",
            "f.weight",
            "f.bias"),
        weights.names());
    assertEquals("float32[5, 8]", weights.type("f.weight").orElseThrow().toString());
    assertEquals(160, weights.arrays().get("f.weight").bytes().remaining());
  }

  private static void assertRefused(String message, Path file) {
    ProgramException e = assertThrows(ProgramException.class, () -> StateDict.read(file));
    assertEquals("'" + file + "'" + message, e.getMessage());
  }

  private Path written(String name, String text) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void whatIsNoStateDictIsNamed() throws IOException {
    assertRefused(
        " holds a pickle that wants '__main__.Net', which is neither an array nor a container; it"
            + " was not built.\nSave the weights alone: torch.save(model.state_dict(),"
            + " \"model.pth\").",
        file("whole.pth"));
    assertRefused(
        ": its entry 'epoch' is no array.\nSave what is in it alone:"
            + " torch.save(torch.load(\"checkpoint.pth\")[\"state_dict\"], \"model.pth\").",
        file("checkpoint.pth"));
    assertRefused(" is a folder.\n" + GIVE, folder);
    assertRefused(" is not a readable file.\nLook at its name.", folder.resolve("none.pth"));
    assertRefused(" is empty.\n" + GIVE, written("empty.pth", ""));
    assertRefused(" is no file of weights by names.\n" + GIVE, written("x.txt", "hello"));
    assertRefused(
        " is an ONNX model, which is not read yet.\n" + GIVE, written("x.onnx", "\b\7\22\1x"));
    assertRefused(
        " is a bare pickle of Python's, as torch.save wrote it before PyTorch 1.6.\nSave it anew:"
            + " torch.save(torch.load(\"old.pth\", weights_only=True), \"model.pth\").",
        written("old.pth", "\u0080\2\u008a"));
  }

  /** Their numbers are not those in the file. */
  @Test
  void viewsThatArePendingAreRefused() {
    for (String mark : List.of("conj", "neg")) {
      assertRefused(
          " has an array that is a view of others, still to be conjugated or negated ("
              + mark
              + "), which is not read.\nSave its own numbers: array.resolve_conj().resolve_neg().",
          file(mark + ".pth"));
    }
  }

  private static void assertUnbuilt(String module, String name, String remedy) {
    assertEquals(
        "FILE holds a pickle that wants '"
            + module
            + "."
            + name
            + "', which is neither an array nor a container; it was not built.\n"
            + remedy,
        PickledObjects.refused("FILE", module, name).getMessage());
  }

  /** Only what runs commands is called an attack. */
  @Test
  void whatAPickleWantsHasItsRemedy() {
    String weights = "Save the weights alone: torch.save(model.state_dict(), \"model.pth\").";
    String distrust = "Do not load it in Python either unless you trust whoever made it.";
    assertUnbuilt("torch.nn.modules.container", "Sequential", weights);
    assertUnbuilt("mynet", "Net", weights);
    assertUnbuilt("argparse", "Namespace", weights);
    assertUnbuilt("builtins", "set", weights);
    assertUnbuilt(
        "numpy._core.multiarray",
        "_reconstruct",
        "Save arrays of PyTorch: torch.as_tensor(array), a number as float(number).");
    assertUnbuilt("torch._utils", "_rebuild_sparse_tensor", "Save it dense: array.to_dense().");
    assertUnbuilt("torch._utils", "_rebuild_qtensor", "Save its numbers: array.dequantize().");
    assertUnbuilt(
        "torch._tensor",
        "_rebuild_from_type_v2",
        "Save plain arrays: array.detach().as_subclass(torch.Tensor).");
    for (String module : List.of("os", "posix", "subprocess", "os.path", "torch.hub")) {
      assertUnbuilt(module, "system", distrust);
    }
    for (String name : List.of("eval", "exec", "getattr", "__import__")) {
      assertUnbuilt("builtins", name, distrust);
      assertUnbuilt("__builtin__", name, distrust);
    }
    assertUnbuilt("torch", "load", distrust);
    assertUnbuilt("mynet", "os.system", distrust);
  }

  @Test
  void aCheckpointThatIsCutOffIsNamed() throws IOException {
    byte[] all = Files.readAllBytes(file("state.pth"));
    Path half = Files.write(folder.resolve("half.pth"), Arrays.copyOf(all, 2000));
    assertRefused(
        " is a zip archive that is cut off or damaged: its list of records is missing or broken.\n"
            + "Copy or download it again.",
        half);
  }

  private static Map<String, ArrayFile.Numbers> zeros(StateDict weights) throws IOException {
    Map<String, ArrayFile.Numbers> zeros = new LinkedHashMap<>();
    weights
        .arrays()
        .forEach(
            (name, array) ->
                zeros.put(
                    name,
                    new ArrayFile.Numbers(
                        array.type(), ByteBuffer.allocate(array.bytes().remaining()))));
    return zeros;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic.pt2", "dynamic_old.pt2"})
  void aProgramIsWrittenWithOtherNumbers(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.copy(Oracles.program(name), file);
    Map<String, ArrayFile.Numbers> zeros = zeros(StateDict.read(file));
    ArrayFile.Numbers bias = zeros.remove("d.bias");
    ByteBuffer kept = StateDict.read(file).arrays().get("d.bias").bytes();
    Pt2File.write(file, Pt2File.read(file), StateDict.of(zeros));
    Map<String, ArrayFile.Numbers> now = StateDict.read(file).arrays();
    assertEquals(kept, now.remove("d.bias").bytes());
    assertEquals(8 * 4, bias.bytes().remaining());
    assertEquals(new HashMap<>(zeros), now);
  }

  @Test
  void otherNumbersMustFit() throws IOException {
    Program program = Pt2File.read(Oracles.program("dynamic.pt2"));
    StateDict others = StateDict.read(file("state.pth"));
    Path to = folder.resolve("x.pt2");
    ProgramException e =
        assertThrows(ProgramException.class, () -> Pt2File.write(to, program, others));
    assertEquals(
        "the weights called halves are float16[3], and the program has none of this name.\n"
            + "Give those that it has.",
        e.getMessage());
    assertEquals(false, Files.exists(to));
  }
}
