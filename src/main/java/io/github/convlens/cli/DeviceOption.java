package io.github.convlens.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.convlens.engine.Devices;
import io.github.convlens.engine.PyTorchEngine;
import io.github.convlens.engine.internal.NativeLibrary;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** On which device to compute. */
final class DeviceOption implements Arguments {
  private final Argument<Devices.Wish> wish =
      Argument.option("--device")
          .says("auto (default), cpu, cuda, cuda:N or mps. Nothing falls back silently.")
          .choice("NAME", Devices.Wish.class, new Converter());

  @Override
  public void addTo(CommandSpec command) {
    wish.addTo(command);
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Devices.Wish>, Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("auto", "cpu", "cuda", "cuda:0", "mps").iterator();
    }

    @Override
    public Devices.Wish convert(String name) {
      try {
        return Devices.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Starts the engine, says what was taken, and returns it. */
  Device select(PrintWriter err) {
    Engine engine =
        PyTorchEngine.start(
            line -> {
              err.println("note: " + line);
              err.flush();
            });
    Device device = Devices.select(wish.orElse(Devices.Wish.AUTO), Devices.Inventory.of(engine));
    err.println(
        "note: PyTorch "
            + NativeLibrary.version(engine.getVersion())
            + " on "
            + Devices.name(device));
    return device;
  }
}
