package io.github.convlens.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Size;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pictures of a few pixels whose numbers can be seen. */
class PicturesTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** One row of red, green, blue. */
  private static BufferedImage colours() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(2, 0, 0x0000ff);
    return image;
  }

  @Test
  void threeChannelsAreRedGreenBlue() {
    NDArray array = Pictures.array(manager, Precision.FLOAT32, colours(), 3, Optional.empty());
    assertEquals(new Shape(1, 3, 1, 3), array.getShape());
    assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, array.toFloatArray());
  }

  @Test
  void oneChannelIsBrightness() {
    NDArray array = Pictures.array(manager, Precision.FLOAT32, colours(), 1, Optional.empty());
    assertArrayEquals(new float[] {0.299f, 0.587f, 0.114f}, array.toFloatArray(), 1e-6f);
  }

  @Test
  void scalesRowsAndColumns() {
    NDArray array =
        Pictures.array(manager, Precision.FLOAT32, colours(), 3, Optional.of(new Size(2, 6)));
    assertEquals(new Shape(1, 3, 2, 6), array.getShape());
  }

  @Test
  void otherChannelsAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Pictures.array(manager, Precision.FLOAT32, colours(), 4, Optional.empty()));
    assertEquals(
        "a picture has 1 channel (brightness) or 3 (red, green, blue), but the first layer takes"
            + " 4.",
        e.getMessage());
  }

  /** (1, 2, 1, 3): each channel is stretched for itself, an even one is black. */
  @Test
  void mapsGoFromBlackToWhite() {
    NDArray maps = manager.create(new float[] {-2, 0, 2, 5, 5, 5}, new Shape(1, 2, 1, 3));
    List<BufferedImage> images = Pictures.maps(maps);
    assertEquals(List.of(0, 128, 255), greys(images.get(0)));
    assertEquals(List.of(0, 0, 0), greys(images.get(1)));
  }

  @Test
  void nothingStaysBehind() {
    NDArray maps = manager.ones(new Shape(1, 2, 3, 4));
    int arrays = manager.getManagedArrays().size();
    for (int i = 0; i < 100; i++) {
      Pictures.maps(maps);
      Pictures.array(manager, Precision.FLOAT16, colours(), 3, Optional.empty()).close();
    }
    assertEquals(arrays, manager.getManagedArrays().size());
  }

  private static List<Integer> greys(BufferedImage image) {
    return List.of(
        image.getRaster().getSample(0, 0, 0),
        image.getRaster().getSample(1, 0, 0),
        image.getRaster().getSample(2, 0, 0));
  }
}
