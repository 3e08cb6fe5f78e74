package io.github.convlens.program;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Files of plain arrays: NumPy's {@code .npy} (one, without a name) and {@code .npz}, and {@code
 * .safetensors}. Reading one builds nothing but numbers.
 */
public final class ArrayFile {
  private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final String METADATA = "__metadata__";
  private static final long MOST_HEADER = 100L << 20;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9,\\s]*)\\),?\\s*\\}\\s*");

  private static final Map<String, ScalarType> NUMPY_TYPES =
      Map.ofEntries(
          Map.entry("f2", ScalarType.FLOAT16),
          Map.entry("f4", ScalarType.FLOAT32),
          Map.entry("f8", ScalarType.FLOAT64),
          Map.entry("i1", ScalarType.INT8),
          Map.entry("i2", ScalarType.INT16),
          Map.entry("i4", ScalarType.INT32),
          Map.entry("i8", ScalarType.INT64),
          Map.entry("u1", ScalarType.UINT8),
          Map.entry("u2", ScalarType.UINT16),
          Map.entry("u4", ScalarType.UINT32),
          Map.entry("u8", ScalarType.UINT64),
          Map.entry("c8", ScalarType.COMPLEX64),
          Map.entry("c16", ScalarType.COMPLEX128),
          Map.entry("b1", ScalarType.BOOL));

  private static final Map<String, ScalarType> SAFE_TYPES =
      Map.ofEntries(
          Map.entry("F16", ScalarType.FLOAT16),
          Map.entry("BF16", ScalarType.BFLOAT16),
          Map.entry("F32", ScalarType.FLOAT32),
          Map.entry("F64", ScalarType.FLOAT64),
          Map.entry("F8_E4M3", ScalarType.FLOAT8_E4M3FN),
          Map.entry("F8_E5M2", ScalarType.FLOAT8_E5M2),
          Map.entry("I8", ScalarType.INT8),
          Map.entry("I16", ScalarType.INT16),
          Map.entry("I32", ScalarType.INT32),
          Map.entry("I64", ScalarType.INT64),
          Map.entry("U8", ScalarType.UINT8),
          Map.entry("U16", ScalarType.UINT16),
          Map.entry("U32", ScalarType.UINT32),
          Map.entry("U64", ScalarType.UINT64),
          Map.entry("C64", ScalarType.COMPLEX64),
          Map.entry("BOOL", ScalarType.BOOL));

  private static final String SAFE_AGAIN =
      "\nSave it again: safetensors.torch.save_file(model.state_dict(), \"model.safetensors\").";

  private final Path file;

  private ArrayFile(Path file) {
    this.file = file;
  }

  /**
   * An array.
   *
   * @param type its elements and sizes, which are numbers
   * @param bytes the elements, row after row, little-endian
   */
  public record Numbers(TensorType type, ByteBuffer bytes) {}

  /**
   * All arrays of a file by their names, in its order; that of a {@code .npy} has the name "".
   *
   * @throws ProgramException if the file is none of these, or damaged: what to do
   * @throws IOException if the disk fails
   */
  public static Map<String, Numbers> read(Path file) throws IOException {
    return new ArrayFile(file).read();
  }

  private Map<String, Numbers> read() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ProgramException("'" + file + "' is not a readable file.\nLook at its name.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileMap map = new FileMap(channel);
      ByteBuffer head = map.part(0, Math.min(map.length(), NUMPY.length));
      if (startsWith(head, ZIP)) {
        return npz();
      }
      if (startsWith(head, NUMPY)) {
        return Map.of("", npy("'" + file + "'", whole(map)));
      }
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
        return safetensors(map);
      }
    }
    throw new ProgramException(
        "'" + file + "' is no file of arrays.\nGive a .npy, .npz or .safetensors.");
  }

  private ByteBuffer whole(FileMap map) throws IOException {
    if (map.length() > Integer.MAX_VALUE) {
      throw new ProgramException(
          "'" + file + "' is an array of more than 2 GiB, which is not read.\nSave parts of it.");
    }
    return map.part(0, map.length());
  }

  private static boolean startsWith(ByteBuffer bytes, byte[] start) {
    return bytes.remaining() >= start.length
        && bytes.slice(0, start.length).equals(ByteBuffer.wrap(start));
  }

  private Map<String, Numbers> npz() throws IOException {
    Map<String, Numbers> all = new LinkedHashMap<>();
    try (ZipArchive archive = ZipArchive.open(file)) {
      for (ZipArchive.Entry entry : archive.entries().values()) {
        String what = "'" + file + "', record '" + entry.name() + "'";
        if (!entry.name().endsWith(".npy")) {
          throw new ProgramException(
              what + " is no array of NumPy.\nSave arrays: numpy.savez(\"x.npz\", x=x).");
        }
        String name = entry.name().substring(0, entry.name().length() - 4);
        all.put(name, npy(what, archive.read(entry)));
      }
    }
    return all;
  }

  private static Numbers npy(String what, ByteBuffer all) {
    ByteBuffer bytes = all.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (!startsWith(bytes, NUMPY) || bytes.remaining() < 12) {
      throw damaged(what);
    }
    boolean isFirst = bytes.get(6) == 1;
    int from = isFirst ? 10 : 12;
    long length = isFirst ? bytes.getShort(8) & 0xffff : bytes.getInt(8) & 0xffffffffL;
    if (length > bytes.remaining() - from) {
      throw damaged(what);
    }
    byte[] header = new byte[(int) length];
    bytes.get(from, header);
    Matcher parts = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
    if (!parts.matches()) {
      throw new ProgramException(
          what + " is an array of records or objects, which is not read.\nSave plain numbers.");
    }
    String type = parts.group(1);
    ScalarType elements = NUMPY_TYPES.get(type.substring(Math.min(1, type.length())));
    if (elements == null || (type.startsWith(">") && elements.bytes() > 1)) {
      throw new ProgramException(
          what
              + " has elements of NumPy's type '"
              + type
              + "', which is not read.\nConvert it: x.astype(numpy.float32).");
    }
    List<Dim> sizes = new ArrayList<>();
    for (String size : parts.group(3).split(",", -1)) {
      if (!size.isBlank()) {
        sizes.add(Dim.of(Long.parseLong(size.strip())));
      }
    }
    TensorType whole = new TensorType(elements, sizes);
    long start = from + length;
    int size = size(what, whole, start, bytes.remaining(), bytes.remaining());
    ByteBuffer numbers = bytes.slice((int) start, size);
    boolean isByColumn = parts.group(2).equals("True") && sizes.size() > 1;
    return numbers(whole, isByColumn ? Weights.byRow(whole, numbers) : numbers);
  }

  private Map<String, Numbers> safetensors(FileMap map) throws IOException {
    String what = "'" + file + "'";
    long length = map.length() < 8 ? -1 : map.part(0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (length < 2 || length > Math.min(MOST_HEADER, map.length() - 8)) {
      throw damaged(what);
    }
    byte[] header = new byte[(int) length];
    map.part(8, length).get(header);
    Map<String, Numbers> arrays = new LinkedHashMap<>();
    List<Span> spans = new ArrayList<>();
    for (Map.Entry<String, JsonElement> each : header(what, header).entrySet()) {
      String array = what + ", '" + each.getKey() + "'";
      try {
        JsonObject place = each.getValue().getAsJsonObject();
        Span span = Span.of(each.getKey(), place.getAsJsonArray("data_offsets"));
        arrays.put(each.getKey(), safe(array, place, span, map, 8 + length));
        spans.add(span);
      } catch (IllegalStateException
          | ClassCastException
          | NullPointerException
          | IndexOutOfBoundsException
          | UnsupportedOperationException
          | NumberFormatException e) {
        throw new ProgramException(
            array + " is not described as safetensors writes it." + SAFE_AGAIN, e);
      }
    }
    Span.check(what, spans, map.length() - 8 - length);
    return arrays;
  }

  /** What the header says of each array; a name that comes twice would hide one of two. */
  private static Map<String, JsonElement> header(String what, byte[] header) {
    Map<String, JsonElement> arrays = new LinkedHashMap<>();
    String text = new String(header, StandardCharsets.UTF_8);
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      if (header[0] != '{') {
        throw new MalformedJsonException("a mark in front, which the reader would skip");
      }
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (arrays.put(name, JsonParser.parseReader(reader)) != null) {
          throw new ProgramException(what + " has two arrays called '" + name + "'." + SAFE_AGAIN);
        }
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedJsonException("more than an object");
      }
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw new ProgramException(what + ": its header is no JSON." + SAFE_AGAIN, e);
    }
    arrays.remove(METADATA);
    return arrays;
  }

  /**
   * Which bytes are an array's, counted from behind the header.
   *
   * @param to the first that is not
   */
  private record Span(String name, long from, long to) {
    static Span of(String name, JsonArray offsets) {
      return new Span(name, whole(offsets.get(0)), whole(offsets.get(1)));
    }

    /** Refuses bytes that are those of two arrays, or of none. */
    static void check(String what, List<Span> spans, long length) {
      List<Span> sorted = new ArrayList<>(spans);
      sorted.sort(Comparator.comparing(Span::from).thenComparing(Span::to));
      Span last = new Span("", 0, 0);
      for (Span next : sorted) {
        if (next.from < last.to) {
          throw new ProgramException(
              what + ": its '" + last.name + "' and '" + next.name + "' overlap." + SAFE_AGAIN);
        }
        checkNone(what, last.to, next.from);
        last = next;
      }
      checkNone(what, last.to, length);
    }

    private static void checkNone(String what, long from, long to) {
      if (from != to) {
        throw new ProgramException(
            what
                + " has "
                + (to - from)
                + " bytes that are no array's, from "
                + from
                + " behind the header."
                + SAFE_AGAIN);
      }
    }
  }

  private static long whole(JsonElement number) {
    return Long.parseLong(number.getAsString());
  }

  private static Numbers safe(String what, JsonObject json, Span span, FileMap map, long start)
      throws IOException {
    String type = json.get("dtype").getAsString();
    ScalarType elements =
        Optional.ofNullable(SAFE_TYPES.get(type))
            .orElseThrow(
                () ->
                    new ProgramException(
                        what
                            + " has elements of type "
                            + type
                            + ", which is not read.\nConvert it before it is saved:"
                            + " array.float()."));
    List<Dim> sizes = new ArrayList<>();
    for (JsonElement size : json.getAsJsonArray("shape")) {
      sizes.add(Dim.of(whole(size)));
    }
    TensorType whole = new TensorType(elements, sizes);
    long from = start + span.from();
    long to = start + span.to();
    return numbers(whole, map.part(from, size(what, whole, from, to, map.length())));
  }

  /** How many bytes an array has, which the file's claim must be, within the file. */
  private static int size(String what, TensorType type, long from, long to, long limit) {
    long needed = type.elements().bytes();
    for (Dim size : type.sizes()) {
      long count = size.of(Map.of());
      if (count < 0 || (count > 0 && needed > Integer.MAX_VALUE / count)) {
        throw damaged(what);
      }
      needed *= count;
    }
    if (from < 0 || to > limit || to - from != needed) {
      throw damaged(what);
    }
    return (int) needed;
  }

  private static Numbers numbers(TensorType type, ByteBuffer bytes) {
    return new Numbers(type, bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static ProgramException damaged(String what) {
    return new ProgramException(
        what + " is cut off or damaged: its length is not what it says.\nCopy it again.");
  }

  /**
   * Writes an {@code .npz}; the stream stays open.
   *
   * @throws ProgramException if NumPy lacks one of the types, as bfloat16
   */
  public static void writeNpz(OutputStream out, Map<String, Numbers> arrays) throws IOException {
    checkNpz(arrays);
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, Numbers> each : arrays.entrySet()) {
      byte[] header = header(each.getValue().type());
      ByteBuffer bytes = each.getValue().bytes();
      CRC32 crc = new CRC32();
      crc.update(header);
      crc.update(bytes.duplicate());
      ZipEntry entry = new ZipEntry(each.getKey() + ".npy");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(header.length + (long) bytes.remaining());
      entry.setCrc(crc.getValue());
      entry.setTime(0);
      zip.putNextEntry(entry);
      zip.write(header);
      writeAll(zip, bytes);
      zip.closeEntry();
    }
    zip.finish();
  }

  private static void checkNpz(Map<String, Numbers> arrays) {
    arrays.forEach(
        (name, array) -> {
          if (ZipArchive.isOutside(name)) {
            throw new ProgramException(
                "'"
                    + name
                    + "' is no name that an .npz should have: as a file's it would lead out of the"
                    + " archive.\nWrite a .safetensors.");
          }
          if (code(NUMPY_TYPES, array.type()).isEmpty()) {
            throw new ProgramException(
                "'"
                    + name
                    + "' has elements of type "
                    + array.type().elements()
                    + ", which NumPy lacks.\nWrite a .safetensors.");
          }
        });
  }

  private static void checkSafetensors(Map<String, Numbers> arrays) {
    arrays.forEach(
        (name, array) -> {
          if (name.equals(METADATA)) {
            throw new ProgramException(
                "'"
                    + name
                    + "' is no name that an array of a .safetensors can have.\nWrite an .npz.");
          }
          if (code(SAFE_TYPES, array.type()).isEmpty()) {
            throw new ProgramException(
                "'"
                    + name
                    + "' is "
                    + array.type()
                    + ", a type that a .safetensors cannot hold.\nWrite an .npz.");
          }
        });
  }

  private static Optional<String> code(Map<String, ScalarType> codes, TensorType type) {
    return codes.entrySet().stream()
        .filter(each -> each.getValue() == type.elements())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Writes a {@code .safetensors}; the stream stays open. The widest elements come first, so that
   * all are aligned; the names keep their order.
   *
   * @throws ProgramException if it cannot hold one of the types, as complex128
   */
  public static void writeSafetensors(OutputStream out, Map<String, Numbers> arrays)
      throws IOException {
    checkSafetensors(arrays);
    Map<String, Long> starts = new LinkedHashMap<>();
    long end = 0;
    for (String name : widestFirst(arrays)) {
      starts.put(name, end);
      end += numbers(arrays, name).bytes().remaining();
    }
    JsonObject header = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("format", "pt");
    header.add(METADATA, metadata);
    arrays.forEach((name, array) -> header.add(name, place(array, starts.getOrDefault(name, 0L))));
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -json.length & 7;
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(json.length + padding).array());
    out.write(json);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (String name : starts.keySet()) {
      writeAll(out, numbers(arrays, name).bytes());
    }
  }

  private static List<String> widestFirst(Map<String, Numbers> arrays) {
    List<String> names = new ArrayList<>(arrays.keySet());
    names.sort(Comparator.comparing(name -> -numbers(arrays, name).type().elements().bytes()));
    return names;
  }

  private static Numbers numbers(Map<String, Numbers> arrays, String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  private static JsonObject place(Numbers array, long start) {
    JsonObject place = new JsonObject();
    place.addProperty("dtype", code(SAFE_TYPES, array.type()).orElseThrow());
    JsonArray shape = new JsonArray();
    array.type().sizes().forEach(size -> shape.add(size.of(Map.of())));
    place.add("shape", shape);
    JsonArray offsets = new JsonArray();
    offsets.add(start);
    offsets.add(start + array.bytes().remaining());
    place.add("data_offsets", offsets);
    return place;
  }

  /** Writes an {@code .npy}; the stream stays open. */
  public static void writeNpy(OutputStream out, Numbers array) throws IOException {
    checkNpz(Map.of("", array));
    out.write(header(array.type()));
    writeAll(out, array.bytes());
  }

  private static void writeAll(OutputStream out, ByteBuffer bytes) throws IOException {
    WritableByteChannel channel = Channels.newChannel(out);
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  private static byte[] header(TensorType type) {
    String code = code(NUMPY_TYPES, type).orElseThrow();
    StringBuilder text = new StringBuilder("{'descr': '");
    text.append(type.elements().bytes() == 1 ? "|" : "<").append(code);
    text.append("', 'fortran_order': False, 'shape': (");
    type.sizes().forEach(size -> text.append(size).append(", "));
    text.append("), }");
    while ((text.length() + 11) % 64 != 0) {
      text.append(' ');
    }
    text.append('\n');
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + text.length()).order(ByteOrder.LITTLE_ENDIAN).put(NUMPY);
    bytes.put((byte) 1).put((byte) 0).putShort((short) text.length());
    return bytes.put(text.toString().getBytes(StandardCharsets.ISO_8859_1)).array();
  }
}
