package io.github.convlens.program;

import io.github.convlens.layer.internal.Exact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The numbers of a program's parameters, buffers and constants, by their names in the state dict.
 * They stay in the file, and are mapped from it when they are asked for:
 *
 * <pre>
 * try (Weights.Reader reader = program.weights().open()) {
 *   ByteBuffer bytes = reader.bytes("conv1.weight"); // row after row, little-endian
 * }
 * </pre>
 */
public final class Weights {
  /** No numbers: those of a program that was read from a print. */
  public static final Weights NONE = new Weights(Optional.empty(), Map.of());

  private final Optional<Path> file;
  private final Map<String, Stored> stored;
  private final Map<Stored, String> originals = new HashMap<>();

  /**
   * Where an array is.
   *
   * @param container the record that is an archive and holds it; empty where the file does itself
   * @param record the record with its elements
   * @param type its elements and sizes
   * @param strides how many elements lie between neighbours on each axis
   * @param offset how many lie in front of it
   */
  record Stored(
      Optional<String> container, String record, TensorType type, List<Long> strides, long offset) {
    /** Takes a copy of the list. */
    Stored {
      strides = List.copyOf(strides);
    }

    long elements() {
      return Exact.elements(type.shape(Map.of()));
    }

    long bytes() {
      return Exact.multiply(elements(), type.elements().bytes());
    }
  }

  Weights(Optional<Path> file, Map<String, Stored> stored) {
    this.file = file;
    this.stored = Collections.unmodifiableMap(new LinkedHashMap<>(stored));
    this.stored.forEach((name, place) -> originals.putIfAbsent(place, name));
  }

  /** The file that they are in. */
  Optional<Path> file() {
    return file;
  }

  /** Where an array is. */
  Optional<Stored> stored(String name) {
    return Optional.ofNullable(stored.get(name));
  }

  /** Their names, in the order of the file: {@code conv1.weight}. */
  public Set<String> names() {
    return stored.keySet();
  }

  /** What an array is; empty where there is none of this name. */
  public Optional<TensorType> type(String name) {
    return Optional.ofNullable(stored.get(name)).map(Stored::type);
  }

  /** How many bytes an array has; 0 where there is none of this name. */
  public long bytes(String name) {
    Stored place = stored.get(name);
    return place == null ? 0 : place.bytes();
  }

  /** The first name of the same array, which tied weights have besides their own; or the name. */
  public String original(String name) {
    Stored place = stored.get(name);
    return place == null ? name : originals.getOrDefault(place, name);
  }

  /**
   * Opens the file.
   *
   * @throws ProgramException if there are no numbers
   */
  public Reader open() throws IOException {
    Path path =
        file.orElseThrow(
            () ->
                new ProgramException(
                    "a print of a program shows no weights.\nGive the file that"
                        + " torch.export.save(program, \"model.pt2\") writes."));
    return new Reader(ZipArchive.open(path), stored);
  }

  /** Refuses a record that is shorter than the array in it. */
  static void checkLength(String name, Stored place, long length) {
    List<Dim> sizes = place.type.sizes();
    long last = place.offset;
    for (int axis = 0; axis < sizes.size(); axis++) {
      long size = sizes.get(axis).of(Map.of());
      if (size == 0) {
        return;
      }
      last = Exact.add(last, Exact.multiply(size - 1, place.strides.get(axis)));
    }
    long needed = Exact.multiply(Exact.add(last, 1), place.type.elements().bytes());
    if (needed > length || last < 0) {
      throw new ProgramException(
          "the weights called "
              + name
              + " are too short: "
              + place.type
              + " needs "
              + needed
              + " bytes, and the record '"
              + place.record
              + "' has "
              + length
              + ".\nCopy or download the file again.");
    }
  }

  /** Writes elements that lie row after row to where the array's are in its record. */
  static void scatter(Stored place, ByteBuffer bytes, ByteBuffer record) {
    byte[] element = new byte[place.type.elements().bytes()];
    forEachElement(
        place,
        at -> {
          bytes.get(element);
          record.put((int) (at * element.length), element);
        });
  }

  /** The elements row after row of an array that lies column after column, as Fortran's do. */
  static ByteBuffer byRow(TensorType type, ByteBuffer byColumn) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (Dim size : type.sizes()) {
      strides.add(stride);
      stride *= size.of(Map.of());
    }
    return Reader.gather(new Stored(Optional.empty(), "", type, strides, 0), byColumn);
  }

  /** Where each element lies in the record, counted in elements, row after row. */
  private static void forEachElement(Stored place, LongConsumer visitor) {
    int rank = place.strides.size();
    long[] position = new long[rank];
    long at = place.offset;
    for (long left = place.elements(); left > 0; left--) {
      visitor.accept(at);
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += place.strides.get(axis);
        position[axis]++;
        if (position[axis] < place.type.sizes().get(axis).of(Map.of())) {
          break;
        }
        at -= place.strides.get(axis) * position[axis];
        position[axis] = 0;
      }
    }
  }

  /** The open file. What it has given stays when it is closed. */
  public static final class Reader implements StateDict.Reader {
    private final ZipArchive archive;
    private final Map<String, Stored> stored;
    private final Map<String, ZipArchive> containers = new HashMap<>();
    private final Map<String, ByteBuffer> records = new HashMap<>();

    private Reader(ZipArchive archive, Map<String, Stored> stored) {
      this.archive = archive;
      this.stored = stored;
    }

    /**
     * The elements of an array, row after row, little-endian; read-only, and mapped from the file
     * where they lie there so.
     *
     * @throws ProgramException if there is no such array, or the file is damaged
     */
    @Override
    public ByteBuffer bytes(String name) throws IOException {
      Stored place = stored.get(name);
      if (place == null) {
        throw new ProgramException(
            "the file has no weights called " + name + ". It has " + stored.size() + " others.");
      }
      ByteBuffer record = record(place);
      checkLength(name, place, record.remaining());
      return (isRowAfterRow(place) ? slice(place, record) : gather(place, record))
          .asReadOnlyBuffer()
          .order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer record(Stored place) throws IOException {
      String key = place.container.orElse("") + "\0" + place.record;
      ByteBuffer known = records.get(key);
      if (known == null) {
        ZipArchive holder = archive;
        if (place.container.isPresent()) {
          String container = place.container.get();
          holder = containers.get(container);
          if (holder == null) {
            holder = archive.nested(Pt2File.entry(archive, container));
            containers.put(container, holder);
          }
        }
        known = holder.read(Pt2File.entry(holder, place.record));
        records.put(key, known);
      }
      return known.duplicate();
    }

    private static boolean isRowAfterRow(Stored place) {
      long expected = 1;
      for (int axis = place.strides.size() - 1; axis >= 0; axis--) {
        long size = place.type.sizes().get(axis).of(Map.of());
        if (size != 1 && place.strides.get(axis) != expected) {
          return false;
        }
        expected *= Math.max(1, size);
      }
      return true;
    }

    private static ByteBuffer slice(Stored place, ByteBuffer record) {
      long from = place.offset * place.type.elements().bytes();
      return place.elements() == 0
          ? ByteBuffer.allocate(0)
          : record.slice((int) from, (int) place.bytes());
    }

    /** The elements in the order of their axes, wherever they lie. */
    private static ByteBuffer gather(Stored place, ByteBuffer record) {
      byte[] element = new byte[place.type.elements().bytes()];
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(place.bytes()));
      forEachElement(
          place,
          at -> {
            record.get((int) (at * element.length), element);
            bytes.put(element);
          });
      return bytes.flip();
    }

    @Override
    public void close() throws IOException {
      archive.close();
    }
  }
}
