package io.github.convlens.lesson;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.util.ProgressBar;
import io.github.convlens.engine.internal.DjlSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fashion-MNIST as DJL trains on it: grey pictures (count, 1, 28, 28) between 0 and 1 and labels
 * (count) from 0 to 9, 60,000 to train on and 10,000 to test with. Source: Xiao, Rasul, Vollgraf,
 * "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms" (2017).
 *
 * <pre>{@code
 * ArrayDataset training = FashionMnist.read(folder, Part.TRAINING, manager)
 *     .setSampling(256, true).build();
 * }</pre>
 */
public final class FashionMnist {
  /** Where Debian's package {@code dataset-fashion-mnist} puts the files. */
  public static final Path DEBIAN_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");

  static final String GET_AGAIN =
      "Get it again, with `apt-get install -y --reinstall dataset-fashion-mnist` on Debian or from "
          + "https://github.com/zalandoresearch/fashion-mnist.";

  private static final String GET =
      "Debian's package has them (`apt-get update`, then `apt-get install -y dataset-fashion-mnist`,"
          + " into "
          + DEBIAN_FOLDER
          + "),\nand so has https://github.com/zalandoresearch/fashion-mnist.";

  private static final long SIDE = 28;
  private static final int KINDS = 10;

  private FashionMnist() {}

  /** What the pictures are for. */
  public enum Part {
    /** 60,000 pictures. */
    TRAINING("train", Dataset.Usage.TRAIN),
    /** 10,000 pictures. */
    TEST("t10k", Dataset.Usage.TEST);

    private final String prefix;
    private final Dataset.Usage usage;

    Part(String prefix, Dataset.Usage usage) {
      this.prefix = prefix;
      this.usage = usage;
    }

    private String pictures() {
      return prefix + "-images-idx3-ubyte.gz";
    }

    private String labels() {
      return prefix + "-labels-idx1-ubyte.gz";
    }
  }

  /** The folder of Debian's package, if it is installed. */
  public static Optional<Path> installed() {
    return Optional.of(DEBIAN_FOLDER).filter(Files::isDirectory);
  }

  /**
   * The pictures of a folder with the four files {@code train-images-idx3-ubyte.gz}, {@code
   * train-labels-idx1-ubyte.gz}, {@code t10k-images-idx3-ubyte.gz}, {@code
   * t10k-labels-idx1-ubyte.gz}. Any number of pictures will do.
   *
   * @param manager who owns the arrays, and on which device they are
   * @return a data set's builder with pictures and labels; sampling is left to the caller
   * @throws IOException if a file is missing, damaged, or does not fit the other; the message names
   *     it and says what to do
   */
  public static ArrayDataset.Builder read(Path folder, Part part, NDManager manager)
      throws IOException {
    requireFiles(folder);
    IdxFile pictures = IdxFile.read(folder.resolve(part.pictures()), IdxFile.Kind.PICTURES);
    IdxFile labels = IdxFile.read(folder.resolve(part.labels()), IdxFile.Kind.LABELS);
    requireFit(pictures, labels);
    Shape shape = new Shape(pictures.size(0), 1, SIDE, SIDE);
    try (NDArray bytes = create(manager, pictures, shape);
        NDArray kinds = create(manager, labels, new Shape(labels.size(0)))) {
      return builder(bytes, kinds);
    }
  }

  /**
   * The pictures as DJL's own data set downloads them, once, into DJL's cache.
   *
   * @param manager who owns the arrays, and on which device they are
   * @return a data set's builder with pictures and labels; sampling is left to the caller
   * @throws IOException if DJL is offline or cannot download; the message says how to get the data
   */
  public static ArrayDataset.Builder download(Part part, NDManager manager) throws IOException {
    if (DjlSettings.isOffline()) {
      throw new IOException(
          "there is no folder with Fashion-MNIST, and downloads are off.\n"
              + GET
              + "\nName the folder, or let DJL download them with DJL_OFFLINE=false.");
    }
    try (NDManager scratch = manager.newSubManager()) {
      ai.djl.basicdataset.cv.classification.FashionMnist source =
          ai.djl.basicdataset.cv.classification.FashionMnist.builder()
              .optManager(scratch)
              .optUsage(part.usage)
              .setSampling(1, false)
              .build();
      source.prepare(new ProgressBar());
      try (Batch all = source.getByRange(scratch.newSubManager(), 0, source.size())) {
        NDArray pictures = all.getData().singletonOrThrow(); // (count, 28, 28, 1)
        return builder(
            pictures.reshape(pictures.size(0), 1, SIDE, SIDE).toDevice(manager.getDevice(), false),
            all.getLabels().singletonOrThrow(),
            manager);
      }
    } catch (IOException e) {
      throw new IOException("DJL could not download Fashion-MNIST: " + e + ".\n" + GET, e);
    }
  }

  private static ArrayDataset.Builder builder(NDArray bytes, NDArray kinds) {
    return builder(bytes, kinds, bytes.getManager());
  }

  /** Copies: pictures from 0 to 1, labels as numbers that can index. */
  private static ArrayDataset.Builder builder(NDArray bytes, NDArray kinds, NDManager owner) {
    NDArray pictures = bytes.toType(DataType.FLOAT32, true).divi(255);
    NDArray labels = kinds.toType(DataType.INT64, true);
    pictures.attach(owner);
    labels.attach(owner);
    return new ArrayDataset.Builder().setData(pictures).optLabels(labels);
  }

  private static NDArray create(NDManager manager, IdxFile file, Shape shape) {
    return manager.create(ByteBuffer.wrap(file.bytes()), shape, DataType.UINT8);
  }

  private static void requireFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          "there is no folder " + folder + " with Fashion-MNIST's files.\n" + GET);
    }
    List<String> names =
        Stream.of(Part.values()).flatMap(p -> Stream.of(p.pictures(), p.labels())).toList();
    String missing =
        names.stream()
            .filter(name -> !Files.isRegularFile(folder.resolve(name)))
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new IOException(
          ("the data folder " + folder + " lacks " + missing + ".\n")
              + ("It must hold " + String.join(", ", names) + ".\n")
              + GET);
    }
  }

  private static void requireFit(IdxFile pictures, IdxFile labels) throws IOException {
    if (pictures.size(1) != SIDE || pictures.size(2) != SIDE) {
      throw IdxFile.bad(
          pictures.path(),
          "holds pictures of "
              + (pictures.size(1) + "x" + pictures.size(2))
              + "; Fashion-MNIST's are 28x28.");
    }
    if (pictures.size(0) != labels.size(0)) {
      throw IdxFile.bad(
          pictures.path(),
          "and "
              + labels.path().getFileName()
              + " do not belong together.\nThe first holds "
              + (pictures.size(0) + " pictures, the second " + labels.size(0) + " labels."));
    }
    for (int i = 0; i < labels.bytes().length; i++) {
      int label = Byte.toUnsignedInt(labels.bytes()[i]);
      if (label >= KINDS) {
        throw IdxFile.bad(
            labels.path(), "is damaged.\nLabel " + i + " is " + label + "; they are 0 to 9.");
      }
    }
  }
}
