package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.convlens.engine.Devices.Inventory;
import io.github.convlens.engine.Devices.Kind;
import io.github.convlens.engine.internal.NativeLibrary;
import io.github.convlens.lesson.D2l;
import io.github.convlens.lesson.Experiment;
import io.github.convlens.lesson.Experiments;
import io.github.convlens.lesson.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
  private static final Inventory TWO_GPUS = new Inventory(Kind.CUDA, 2);
  private static final Inventory CPU_BUILD = new Inventory(Kind.CPU, 0);

  @ParameterizedTest
  @CsvSource({
    "auto, auto",
    "cpu, cpu",
    "CPU, cpu",
    "cuda, cuda",
    "cuda:1, cuda:1",
    "gpu, cuda",
    "gpu:0, cuda:0",
    "mps, mps",
    "' cuda:12 ', cuda:12"
  })
  void readsNames(String name, String wish) {
    assertEquals(wish, Devices.parse(name).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tpu", "cuda:", "cuda:-1", "cuda:x", "cpu:0", "auto:1", "cuda:9999", "1"})
  void rejectsOtherNames(String name) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Devices.parse(name));
    assertEquals(
        "'" + name + "' is not a device. Use auto, cpu, cuda, cuda:N or mps.", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"auto, cuda:0", "cpu, cpu", "cuda, cuda:0", "cuda:1, cuda:1", "gpu:0, cuda:0"})
  void selectsAmongTwoGpus(String wish, String device) {
    assertEquals(device, Devices.name(Devices.select(Devices.parse(wish), TWO_GPUS)));
  }

  @Test
  void autoTakesTheCpuWhereThereIsNoGpu() {
    assertEquals(Device.cpu(), Devices.select(Devices.Wish.AUTO, CPU_BUILD));
    assertEquals(Device.cpu(), Devices.select(Devices.Wish.AUTO, new Inventory(Kind.CUDA, 0)));
  }

  @Test
  void saysThatAnIndexDoesNotExist() {
    assertEquals(
        "device cuda:2 does not exist.\n"
            + "The CUDA driver shows 2 GPU(s), cuda:0 to cuda:1.\n"
            + "Use one of these, or --device cpu.",
        refusal("cuda:2", TWO_GPUS));
  }

  @Test
  void saysThatTheDriverShowsNoGpu() {
    assertEquals(
        "device cuda cannot be used: the CUDA driver shows no GPU.\n"
            + "Looked for devices with the CUDA runtime and found 0.\n"
            + "Check that `nvidia-smi` lists one, that CUDA_VISIBLE_DEVICES does not hide it, and"
            + " that the folder of libcudart is in LD_LIBRARY_PATH; or use --device cpu.",
        refusal("cuda", new Inventory(Kind.CUDA, 0)));
  }

  @Test
  void saysThatTheLibraryIsACpuBuild() {
    assumeTrue(NativeLibrary.overridePath().isEmpty(), "PYTORCH_LIBRARY_PATH is set");
    saysThatItIsACpuBuild(
        NativeLibrary.bundled()
            .map(name -> "Found " + name + " on the class path, which wins over every CUDA build.")
            .orElse("There is no native library on the class path."));
  }

  @Test
  void saysThatTheNamedLibraryIsACpuBuild() {
    assumeTrue(NativeLibrary.overridePath().isEmpty(), "PYTORCH_LIBRARY_PATH is set");
    System.setProperty("PYTORCH_LIBRARY_PATH", "torch/lib");
    try {
      saysThatItIsACpuBuild("PYTORCH_LIBRARY_PATH is torch/lib.");
    } finally {
      System.clearProperty("PYTORCH_LIBRARY_PATH");
    }
  }

  private static void saysThatItIsACpuBuild(String found) {
    assertEquals(
        "device cuda:0 cannot be used: the native PyTorch library is a CPU build.\n"
            + (found + "\n")
            + "Build with `mvn clean package -Pcuda` and let DJL download the CUDA library"
            + " (DJL_OFFLINE=false), or set PYTORCH_LIBRARY_PATH; or use --device cpu.",
        refusal("gpu:0", CPU_BUILD));
  }

  @Test
  void saysThatMetalIsForMacs() {
    assertEquals(
        "device mps cannot be used.\n"
            + "Metal needs macOS on arm64; this is "
            + NativeLibrary.platform()
            + ".\n"
            + "Use --device cpu or --device cuda.",
        refusal("mps", CPU_BUILD));
  }

  @Test
  void theLessonRunsOnCuda() {
    Inventory inventory = Inventory.of(PyTorchEngine.start(line -> {}));
    assumeTrue(inventory.gpus() > 0, "no CUDA device: " + inventory);
    Device cuda = Devices.select(Devices.parse("cuda"), inventory);
    try (NDManager manager = Engine.getInstance().newBaseManager(cuda)) {
      for (Experiment experiment : Experiments.all()) {
        assertEquals(experiment.expected(), experiment.run(manager).result());
      }
      NDArray Y = D2l.corr2d(manager.arange(9f).reshape(3, 3), manager.arange(4f).reshape(2, 2));
      assertEquals(cuda, Y.getDevice());
      assertEquals("[[19, 25], [37, 43]]", Numbers.text(Y));
    }
  }

  private static String refusal(String wish, Inventory inventory) {
    return assertThrows(EngineException.class, () -> Devices.select(Devices.parse(wish), inventory))
        .getMessage();
  }
}
