package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import io.github.convlens.lesson.FashionMnist.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
  private static final String GET =
      "Debian's package has them (`apt-get update`, then `apt-get install -y"
          + " dataset-fashion-mnist`, into /usr/share/datasets/fashion-mnist),\n"
          + "and so has https://github.com/zalandoresearch/fashion-mnist.";
  private static final String GET_AGAIN =
      "\nGet it again, with `apt-get install -y --reinstall dataset-fashion-mnist` on Debian or from"
          + " https://github.com/zalandoresearch/fashion-mnist.";

  @TempDir private Path folder;
  private Path pictures;
  private Path labels;

  @BeforeEach
  void writeFiles() throws IOException {
    MadeUpPictures.write(folder, 12, 5);
    pictures = folder.resolve("train-images-idx3-ubyte.gz");
    labels = folder.resolve("train-labels-idx1-ubyte.gz");
  }

  /** Two pictures, told apart by rows and columns; 51 / 255 is 0.2. */
  @Test
  void readsPicturesRowByRowFromZeroToOne() throws IOException {
    byte[] pixels = new byte[2 * 28 * 28];
    pixels[3] = 51; // picture 0, row 0, column 3
    pixels[28 * 28 + 5 * 28 + 1] = (byte) 255; // picture 1, row 5, column 1
    MadeUpPictures.file(pictures, pixels, MadeUpPictures.PICTURES, 2, 28, 28);
    MadeUpPictures.file(labels, new byte[] {9, 4}, MadeUpPictures.LABELS, 2);
    try (NDManager manager = NDManager.newBaseManager()) {
      ArrayDataset training =
          FashionMnist.read(folder, Part.TRAINING, manager).setSampling(2, false).build();
      assertEquals(2, manager.getManagedArrays().size());
      try (Batch batch = training.getByRange(manager.newSubManager(), 0, 2)) {
        NDArray read = batch.getData().singletonOrThrow();
        assertEquals(new Shape(2, 1, 28, 28), read.getShape());
        assertEquals(DataType.FLOAT32, read.getDataType());
        assertEquals(0.2f, read.getFloat(0, 0, 0, 3));
        assertEquals(1f, read.getFloat(1, 0, 5, 1));
        assertEquals(1.2f, read.sum().getFloat());
        assertArrayEquals(new long[] {9, 4}, batch.getLabels().singletonOrThrow().toLongArray());
      }
    }
  }

  @Test
  void readsEachPart() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertEquals(12, size(Part.TRAINING, manager));
      assertEquals(5, size(Part.TEST, manager));
    }
  }

  /** The published sizes, and ten kinds of 6,000 pictures; only where the data is installed. */
  @Test
  void readsTheRealFiles() throws IOException {
    assumeTrue(FashionMnist.installed().isPresent(), "dataset-fashion-mnist is not installed");
    try (NDManager manager = NDManager.newBaseManager()) {
      ArrayDataset test =
          FashionMnist.read(FashionMnist.DEBIAN_FOLDER, Part.TEST, manager)
              .setSampling(1, false)
              .build();
      assertEquals(10_000, test.size());
      try (Batch batch = test.getByRange(manager.newSubManager(), 0, 10_000)) {
        NDArray kinds = batch.getLabels().singletonOrThrow();
        for (int kind = 0; kind < 10; kind++) {
          assertEquals(1000, kinds.eq(kind).countNonzero().getLong());
        }
        assertEquals(9, kinds.getLong(0)); // an ankle boot, then a pullover
        assertEquals(2, kinds.getLong(1));
      }
    }
  }

  @Test
  void saysHowToGetTheData() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertRefused(
        "there is no folder " + nowhere + " with Fashion-MNIST's files.\n" + GET, nowhere);
    Files.delete(labels);
    Files.delete(folder.resolve("t10k-images-idx3-ubyte.gz"));
    assertRefused(
        "the data folder "
            + folder
            + " lacks train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz.\n"
            + "It must hold train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,"
            + " t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz.\n"
            + GET,
        folder);
  }

  @Test
  void doesNotDownloadOffline() {
    try (NDManager manager = NDManager.newBaseManager()) {
      String message =
          assertThrows(IOException.class, () -> FashionMnist.download(Part.TEST, manager))
              .getMessage();
      assertEquals(
          "there is no folder with Fashion-MNIST, and downloads are off.\n"
              + GET
              + "\nName the folder, or let DJL download them with DJL_OFFLINE=false.",
          message);
      assertEquals(0, manager.getManagedArrays().size());
    }
  }

  @Test
  void namesAFileThatIsNotGzip() throws IOException {
    Files.writeString(pictures, "<html>404</html>");
    assertBad(pictures, "cannot be unpacked: Not in GZIP format.");
    Files.write(pictures, new byte[0]);
    assertBad(pictures, "breaks off within its first 16 bytes.");
  }

  /** A download that was cut: after any number of bytes the file is named, never read. */
  @Test
  void namesAFileThatBreaksOff() throws IOException {
    byte[] whole = Files.readAllBytes(pictures);
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(pictures, Arrays.copyOf(whole, length));
      String message = refusal(folder);
      assertEquals(
          "the data file " + pictures + " breaks off", message.split("\\.\n| within")[0], message);
    }
    Files.write(pictures, Arrays.copyOf(whole, whole.length - 8));
    assertBad(pictures, "breaks off.\nAll its numbers are there, but gzip's checksum is not.");
  }

  @Test
  void namesAFileWithFewerOrMoreNumbersThanItSays() throws IOException {
    MadeUpPictures.file(pictures, new byte[5000], MadeUpPictures.PICTURES, 12, 28, 28);
    assertBad(pictures, "breaks off.\nIts header announces 12 x 28 x 28 bytes, and has 5000.");
    MadeUpPictures.file(labels, new byte[13], MadeUpPictures.LABELS, 12);
    MadeUpPictures.file(pictures, new byte[9408], MadeUpPictures.PICTURES, 12, 28, 28);
    assertBad(labels, "goes on behind its end.\nIts header announces 12 bytes, and has more.");
  }

  /** The header asks for 3 TB; nothing is made for it. */
  @Test
  void namesAFileWithImpossibleSizes() throws IOException {
    MadeUpPictures.file(pictures, new byte[9], MadeUpPictures.PICTURES, -1, 28, 28);
    assertBad(
        pictures,
        "cannot be used.\nIts header announces 4294967295 x 28 x 28 bytes;"
            + " it must be 1 to 2^31 - 1 bytes.");
    MadeUpPictures.file(pictures, new byte[0], MadeUpPictures.PICTURES, 0, 28, 28);
    assertBad(
        pictures,
        "cannot be used.\nIts header announces 0 x 28 x 28 bytes;"
            + " it must be 1 to 2^31 - 1 bytes.");
  }

  @Test
  void namesAFileWhoseBytesHaveChanged() throws IOException {
    byte[] whole = Files.readAllBytes(pictures);
    whole[whole.length - 8] ^= 1;
    Files.write(pictures, whole);
    assertBad(pictures, "cannot be unpacked: Corrupt GZIP trailer.");
  }

  @Test
  void namesAFileOfAnotherKind() throws IOException {
    Files.copy(labels, pictures, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertBad(
        pictures,
        "is not a file of pictures.\n"
            + "Its first number is 2049; pictures begin with 2051, labels with 2049.");
  }

  @Test
  void namesFilesThatDoNotFit() throws IOException {
    MadeUpPictures.file(labels, new byte[11], MadeUpPictures.LABELS, 11);
    assertBad(
        pictures,
        "and train-labels-idx1-ubyte.gz do not belong together.\n"
            + "The first holds 12 pictures, the second 11 labels.");
    MadeUpPictures.file(pictures, new byte[4 * 28 * 32], MadeUpPictures.PICTURES, 4, 28, 32);
    assertBad(pictures, "holds pictures of 28x32; Fashion-MNIST's are 28x28.");
  }

  @Test
  void namesALabelThatIsNone() throws IOException {
    byte[] kinds = new byte[12];
    kinds[7] = (byte) 200;
    MadeUpPictures.file(labels, kinds, MadeUpPictures.LABELS, 12);
    assertBad(labels, "is damaged.\nLabel 7 is 200; they are 0 to 9.");
  }

  private long size(Part part, NDManager manager) throws IOException {
    return FashionMnist.read(folder, part, manager).setSampling(1, false).build().size();
  }

  private void assertBad(Path file, String what) {
    assertRefused("the data file " + file + " " + what + GET_AGAIN, folder);
  }

  private static void assertRefused(String message, Path folder) {
    assertEquals(message, refusal(folder));
  }

  private static String refusal(Path folder) {
    try (NDManager manager = NDManager.newBaseManager()) {
      String message =
          assertThrows(IOException.class, () -> FashionMnist.read(folder, Part.TRAINING, manager))
              .getMessage();
      assertEquals(0, manager.getManagedArrays().size());
      return message;
    }
  }
}
