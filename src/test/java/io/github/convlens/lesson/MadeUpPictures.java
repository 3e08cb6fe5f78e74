package io.github.convlens.lesson;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Files in the form of Fashion-MNIST's: ten kinds of pictures that are easy to tell apart. */
final class MadeUpPictures {
  static final int PICTURES = 0x0803;
  static final int LABELS = 0x0801;

  private MadeUpPictures() {}

  /** Four files with this many pictures to train on and to test with. */
  static void write(Path folder, int training, int test) throws IOException {
    part(folder, "train", training, new Random(1));
    part(folder, "t10k", test, new Random(2));
  }

  /** Label k is a bright block at the k-th of 2 x 5 places, in noise. */
  private static void part(Path folder, String name, int count, Random random) throws IOException {
    byte[] labels = new byte[count];
    byte[] pixels = new byte[count * 28 * 28];
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(10);
      labels[i] = (byte) label;
      for (int pixel = 0; pixel < 28 * 28; pixel++) {
        boolean block = pixel / 28 / 14 == label / 5 && pixel % 28 / 6 == label % 5;
        pixels[i * 28 * 28 + pixel] = (byte) (random.nextInt(20) + (block ? 235 : 0));
      }
    }
    file(folder.resolve(name + "-images-idx3-ubyte.gz"), pixels, PICTURES, count, 28, 28);
    file(folder.resolve(name + "-labels-idx1-ubyte.gz"), labels, LABELS, count);
  }

  /** One file: the header's numbers, then the bytes. */
  static void file(Path path, byte[] bytes, int... header) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(path)))) {
      for (int number : header) {
        out.writeInt(number);
      }
      out.write(bytes);
    }
  }
}
