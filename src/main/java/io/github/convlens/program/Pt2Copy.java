package io.github.convlens.program;

import io.github.convlens.file.internal.WholeFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An exported program's file with other numbers: its records, in their order, those replaced. */
final class Pt2Copy {
  /** PyTorch's records begin at multiples of it; an extra field fills what is between. */
  private static final int ALIGNMENT = 64;

  private static final long LOCAL_HEADER = 30;
  private static final int EXTRA_HEADER = 4;
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Weights weights;
  private final Map<String, ArrayFile.Numbers> numbers;
  private final Map<String, List<String>> namesByRecord = new HashMap<>();

  private Pt2Copy(Weights weights, Map<String, ArrayFile.Numbers> numbers) {
    this.weights = weights;
    this.numbers = numbers;
    numbers.forEach(this::add);
  }

  static void write(Path to, Program program, StateDict numbers) throws IOException {
    Path from =
        program
            .weights()
            .file()
            .orElseThrow(
                () ->
                    new ProgramException(
                        "a print of a program has no file to take the rest from.\n"
                            + Pt2File.EXPORT));
    Program whole = Pt2File.read(from);
    if (!whole.calls().equals(program.calls()) || !whole.outputs().equals(program.outputs())) {
      throw new ProgramException(
          "this is not the whole program of '"
              + from
              + "', and a part of one is not written as a .pt2.\nSave the part as TorchScript, or"
              + " its weights as a .safetensors.");
    }
    Pt2Copy copy = new Pt2Copy(whole.weights(), numbers.arrays());
    try (ZipArchive archive = ZipArchive.open(from)) {
      WholeFiles.write(to, out -> copy.write(archive, Optional.empty(), out));
    }
  }

  private void add(String name, ArrayFile.Numbers array) {
    Weights.Stored place = weights.stored(name).orElse(null);
    if (place == null || !place.type().equals(array.type())) {
      throw new ProgramException(
          "the weights called "
              + name
              + " are "
              + array.type()
              + ", and the program has "
              + (place == null ? "none of this name" : place.type())
              + ".\nGive those that it has.");
    }
    ArrayFile.Numbers tied = numbers.get(weights.original(name));
    if (tied != null && !tied.bytes().equals(array.bytes())) {
      throw new ProgramException(
          "the weights called "
              + name
              + " are the same array as "
              + weights.original(name)
              + ", and other numbers are given for them.\nGive both the same.");
    }
    namesByRecord
        .computeIfAbsent(key(place.container(), place.record()), key -> new ArrayList<>())
        .add(name);
  }

  private static String key(Optional<String> container, String record) {
    return container.orElse("") + "\0" + record;
  }

  private boolean isContainer(String record) {
    return namesByRecord.keySet().stream().anyMatch(key -> key.startsWith(record + "\0"));
  }

  private void write(ZipArchive archive, Optional<String> container, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    long written = 0;
    for (ZipArchive.Entry entry : archive.entries().values()) {
      ByteBuffer bytes;
      if (container.isEmpty() && isContainer(entry.name())) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        write(archive.nested(entry), Optional.of(entry.name()), inner);
        bytes = ByteBuffer.wrap(inner.toByteArray());
      } else {
        bytes = record(archive, container, entry);
      }
      written += put(zip, entry.name(), bytes, written);
    }
    zip.finish();
  }

  private ByteBuffer record(ZipArchive archive, Optional<String> container, ZipArchive.Entry entry)
      throws IOException {
    ByteBuffer old = archive.read(entry);
    List<String> names = namesByRecord.getOrDefault(key(container, entry.name()), List.of());
    if (names.isEmpty()) {
      return old;
    }
    ByteBuffer record = ByteBuffer.allocate(old.remaining()).put(old).flip();
    for (String name : names) {
      ByteBuffer bytes = Objects.requireNonNull(numbers.get(name)).bytes();
      Weights.scatter(weights.stored(name).orElseThrow(), bytes.duplicate(), record);
    }
    return record;
  }

  /** Gives back how many bytes that takes. */
  private static long put(ZipOutputStream zip, String name, ByteBuffer bytes, long at)
      throws IOException {
    long size = bytes.remaining();
    long header = LOCAL_HEADER + name.getBytes(StandardCharsets.UTF_8).length + EXTRA_HEADER;
    int padding = (int) Math.floorMod(-(at + header), (long) ALIGNMENT);
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(NO_TIME);
    byte[] extra = new byte[EXTRA_HEADER + padding];
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) padding;
    entry.setExtra(extra);
    zip.putNextEntry(entry);
    WritableByteChannel channel = Channels.newChannel(zip);
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
    zip.closeEntry();
    return header + padding + size;
  }
}
