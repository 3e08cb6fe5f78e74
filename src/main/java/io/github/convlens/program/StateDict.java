package io.github.convlens.program;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.file.internal.WholeFiles;
import io.github.convlens.layer.internal.Exact;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Arrays by PyTorch's names, in their order, as {@code model.state_dict()} gives them. Those of a
 * file stay there until they are asked for.
 *
 * <pre>
 * StateDict weights = StateDict.read(Path.of("resnet18.pth"));
 * weights.type("conv1.weight"); // float32[64, 3, 7, 7]
 * weights.save(Path.of("resnet18.safetensors"));
 * </pre>
 */
public final class StateDict {
  private static final String COUNTER = "num_batches_tracked";

  private final Map<String, TensorType> types;
  private final Source source;

  /** Where the numbers are. */
  @FunctionalInterface
  interface Source {
    /** Opens it. */
    Reader open() throws IOException;
  }

  /** The open numbers. What it has given stays when it is closed. */
  public interface Reader extends Closeable {
    /**
     * The elements of an array, row after row, little-endian; read-only.
     *
     * @throws ProgramException if there is no such array, or the file is damaged
     */
    ByteBuffer bytes(String name) throws IOException;
  }

  private StateDict(Map<String, TensorType> types, Source source) {
    this.types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    this.source = source;
  }

  /**
   * Reads a file, told by its content: {@code .safetensors}, {@code .npz}, what {@code
   * torch.save(model.state_dict(), "model.pth")} writes, or the parameters and buffers of an
   * exported program. Nothing is built from a pickle but arrays and containers.
   *
   * @throws ProgramException if the file is none of these, or damaged: what it is, and what to do
   * @throws IOException if the disk fails
   */
  public static StateDict read(Path file) throws IOException {
    return StateDictFile.read(file);
  }

  /** These arrays; their numbers are not copied. */
  public static StateDict of(Map<String, ArrayFile.Numbers> arrays) {
    Map<String, ArrayFile.Numbers> all = new LinkedHashMap<>(arrays);
    Map<String, TensorType> types = new LinkedHashMap<>();
    all.forEach((name, array) -> types.put(name, array.type()));
    return new StateDict(types, () -> new Given(all));
  }

  static StateDict of(Weights weights) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    weights.names().forEach(name -> types.put(name, weights.type(name).orElseThrow()));
    return new StateDict(types, weights::open);
  }

  /** Arrays that are in memory, or mapped. */
  private record Given(Map<String, ArrayFile.Numbers> arrays) implements Reader {
    @Override
    public ByteBuffer bytes(String name) {
      ArrayFile.Numbers array = arrays.get(name);
      if (array == null) {
        throw new ProgramException(
            "there are no weights called " + name + ". There are " + arrays.size() + " others.");
      }
      return array.bytes().asReadOnlyBuffer().order(array.bytes().order());
    }

    @Override
    public void close() {}
  }

  /** The names, in their order: {@code conv1.weight}. */
  public Set<String> names() {
    return types.keySet();
  }

  /** What an array is; empty where there is none of this name. */
  public Optional<TensorType> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /** How many numbers an array has; 0 where there is none of this name. */
  public long elements(String name) {
    return type(name).map(type -> Exact.elements(type.shape(Map.of()))).orElse(0L);
  }

  /** How many bytes an array has; 0 where there is none of this name. */
  public long bytes(String name) {
    return type(name)
        .map(type -> Exact.multiply(elements(name), type.elements().bytes()))
        .orElse(0L);
  }

  /** Opens the numbers, which are then read one array at a time. */
  public Reader open() throws IOException {
    return source.open();
  }

  /** Whose weights they shall be. */
  public enum Owner {
    /** A network that was printed. */
    NETWORK,
    /** An exported program. */
    PROGRAM;

    /** The word in messages: {@code network}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Refuses these arrays where {@code load_state_dict} would: each of the names must be there, in
   * its shape, and no other. {@code num_batches_tracked} of a batch normalisation may be absent.
   *
   * @param shapes by their names, in the model's order
   * @param owner whose names they are
   * @throws ProgramException if they do not fit: which are missing, unexpected or of another shape,
   *     and what may be the reason
   */
  public void requireFits(Map<String, Shape> shapes, Owner owner) {
    StateMismatch.check(owner, shapes, this);
  }

  /** Whether this is the number of batches that a normalisation has seen, which may be absent. */
  static boolean isCounter(String name) {
    return name.equals(COUNTER) || name.endsWith("." + COUNTER);
  }

  /**
   * The same numbers in the types that another state dict has under these names; float16, bfloat16,
   * float32 and float64 become each other as PyTorch converts them.
   *
   * @throws ProgramException if another type would have to be converted
   */
  public StateDict inTypesOf(StateDict other) {
    Map<String, TensorType> converted = new LinkedHashMap<>();
    types.forEach(
        (name, type) -> {
          ScalarType to = other.type(name).map(TensorType::elements).orElse(type.elements());
          if (!Conversion.isKnown(type.elements(), to)) {
            throw new ProgramException(
                "the weights called "
                    + name
                    + " are "
                    + type
                    + ", and "
                    + to
                    + " is needed.\nConvert them: model.float().state_dict().");
          }
          converted.put(name, new TensorType(to, type.sizes()));
        });
    return new StateDict(converted, () -> new Converted(types, converted, source.open()));
  }

  /** Numbers in other types. */
  private record Converted(Map<String, TensorType> from, Map<String, TensorType> to, Reader reader)
      implements Reader {
    @Override
    public ByteBuffer bytes(String name) throws IOException {
      ByteBuffer bytes = reader.bytes(name);
      TensorType type = from.get(name);
      TensorType wanted = to.get(name);
      return type == null || wanted == null
          ? bytes
          : Conversion.of(bytes, type.elements(), wanted.elements());
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /**
   * The same arrays under their names without what all of them begin with: {@code module.} of a
   * model that was wrapped in DataParallel.
   *
   * @throws ProgramException if a name does not begin so
   */
  public StateDict withoutPrefix(String prefix) {
    Map<String, TensorType> renamed = new LinkedHashMap<>();
    types.forEach(
        (name, type) -> {
          if (!name.startsWith(prefix)) {
            throw new ProgramException(
                "the weights called "
                    + name
                    + " do not begin with '"
                    + prefix
                    + "'.\nTake off what all names begin with.");
          }
          renamed.put(name.substring(prefix.length()), type);
        });
    return new StateDict(renamed, () -> new Prefixed(prefix, source.open()));
  }

  /** Numbers under shorter names. */
  private record Prefixed(String prefix, Reader reader) implements Reader {
    @Override
    public ByteBuffer bytes(String name) throws IOException {
      return reader.bytes(prefix + name);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /**
   * Writes a {@code .safetensors}, which {@code
   * model.load_state_dict(safetensors.torch.load_file("model.safetensors"))} takes, or an {@code
   * .npz}, as the name ends.
   *
   * @throws ProgramException if the name ends otherwise, or the file cannot hold one of the types
   * @throws IOException if the numbers cannot be read, or the file cannot be written; then the old
   *     one, or none, is there
   */
  public void save(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    Map<String, ArrayFile.Numbers> arrays = arrays();
    if (name.endsWith(".safetensors")) {
      WholeFiles.write(file, out -> ArrayFile.writeSafetensors(out, arrays));
    } else if (name.endsWith(".npz")) {
      WholeFiles.write(file, out -> ArrayFile.writeNpz(out, arrays));
    } else {
      throw new ProgramException("'" + file + "' must end in .safetensors or .npz.");
    }
  }

  /** All arrays; those of a file are mapped where they lie row after row. */
  Map<String, ArrayFile.Numbers> arrays() throws IOException {
    Map<String, ArrayFile.Numbers> arrays = new LinkedHashMap<>();
    try (Reader reader = open()) {
      for (Map.Entry<String, TensorType> each : types.entrySet()) {
        arrays.put(
            each.getKey(), new ArrayFile.Numbers(each.getValue(), reader.bytes(each.getKey())));
      }
    }
    return arrays;
  }
}
