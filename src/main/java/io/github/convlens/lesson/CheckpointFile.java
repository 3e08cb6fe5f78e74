package io.github.convlens.lesson;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.convlens.file.internal.WholeFiles;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One checkpoint, open for reading: a line that says what it is, a header in JSON behind its length
 * in 4 bytes, the parameters as DJL writes a block's, and the SHA-256 of all that. Nothing is read
 * from it before the sum has been found to be right, so that damaged bytes are never believed.
 */
final class CheckpointFile implements AutoCloseable {
  private static final byte[] FIRST_LINE =
      "ConvLens checkpoint 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM_BYTES = 32;
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private final FileChannel channel;

  /**
   * What a checkpoint says of itself.
   *
   * @param settings what the training was run with
   * @param properties the model's
   * @param parameters shape and type of each parameter, by its name in the block
   */
  record Header(String settings, Map<String, String> properties, Map<String, String> parameters) {}

  /** Opens a file for reading. */
  CheckpointFile(Path file) throws IOException {
    channel = FileChannel.open(file);
  }

  /** Writes a model with weights. */
  static void write(Path file, Model model, String settings) throws IOException {
    Header header =
        new Header(settings, new TreeMap<>(model.getProperties()), shapes(model.getBlock()));
    byte[] json = JSON.toJson(header).getBytes(StandardCharsets.UTF_8);
    WholeFiles.write(
        file,
        out -> {
          MessageDigest sum = sha256();
          DataOutputStream data = new DataOutputStream(new DigestOutputStream(out, sum));
          data.write(FIRST_LINE);
          data.writeInt(json.length);
          data.write(json);
          model.getBlock().saveParameters(data);
          data.flush();
          out.write(sum.digest());
        });
  }

  /** Shape and type of each parameter of an initialised block, by name. */
  static Map<String, String> shapes(Block block) {
    Map<String, String> shapes = new LinkedHashMap<>();
    for (var pair : block.getParameters()) {
      NDArray array = pair.getValue().getArray();
      String type = array.getDataType().name().toLowerCase(Locale.ROOT);
      shapes.put(pair.getKey(), array.getShape() + " " + type);
    }
    return shapes;
  }

  /** Why it cannot be used; empty if it is whole. */
  Optional<String> fault() throws IOException {
    byte[] first = new byte[(int) Math.min(FIRST_LINE.length, channel.size())];
    stream(0).readFully(first);
    if (!Arrays.equals(first, Arrays.copyOf(FIRST_LINE, first.length))) {
      return Optional.of("which is no checkpoint");
    }
    long content = channel.size() - SUM_BYTES;
    if (content < FIRST_LINE.length + Integer.BYTES || !Arrays.equals(sum(content), end(content))) {
      return Optional.of("which is not whole: its checksum is wrong");
    }
    return Optional.empty();
  }

  private byte[] sum(long content) throws IOException {
    MessageDigest sum = sha256();
    InputStream in = stream(0);
    byte[] buffer = new byte[1 << 16];
    for (long left = content; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        break; // somebody has cut it meanwhile
      }
      sum.update(buffer, 0, count);
      left -= count;
    }
    return sum.digest();
  }

  private byte[] end(long content) throws IOException {
    return stream(content).readNBytes(SUM_BYTES);
  }

  /** What a file without fault says of itself. */
  Header header() throws IOException {
    DataInputStream in = stream(FIRST_LINE.length);
    byte[] json = in.readNBytes(in.readInt());
    return JSON.fromJson(new String(json, StandardCharsets.UTF_8), Header.class);
  }

  /**
   * Gives a model the weights and properties of a file without fault, in place of its own.
   *
   * @param model whose parameters have the names and shapes of the header's
   */
  void loadInto(Model model) throws IOException {
    header().properties().forEach(model::setProperty);
    DataInputStream in = stream(FIRST_LINE.length);
    in = stream(FIRST_LINE.length + Integer.BYTES + in.readInt());
    model.getBlock().clear();
    try {
      model.getBlock().loadParameters(model.getNDManager(), in);
    } catch (MalformedModelException e) {
      throw new IOException("DJL cannot read what it wrote: " + e.getMessage(), e);
    }
  }

  private DataInputStream stream(long from) throws IOException {
    channel.position(from);
    return new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
