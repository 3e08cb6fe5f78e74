package io.github.convlens.engine;

import io.github.convlens.layer.Size;
import io.github.convlens.layer.internal.ShapeText;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a picture before a network reads it, as torchvision's transforms do it and in
 * their order: {@code Resize}, {@code CenterCrop}, {@code ToTensor}, {@code Normalize}. What most
 * classifiers of torchvision were trained with:
 *
 * <pre>{@code
 * new PictureTransform(
 *     Optional.of(new PictureTransform.ShorterSide(256)),
 *     Optional.of(Size.square(224)),
 *     List.of(0.485, 0.456, 0.406),
 *     List.of(0.229, 0.224, 0.225))
 * }</pre>
 *
 * @param resize to which size it is scaled first
 * @param crop how much of its middle is taken then; where the picture is smaller, black is put
 *     around it
 * @param mean what is taken from the numbers from 0 to 1: one for all channels, or one for each
 * @param deviation by what they are divided then: one for all channels, or one for each
 */
public record PictureTransform(
    Optional<Resize> resize, Optional<Size> crop, List<Double> mean, List<Double> deviation) {
  /** The picture as it is, its numbers from 0 to 1. */
  public static final PictureTransform NONE =
      new PictureTransform(Optional.empty(), Optional.empty(), List.of(0.0), List.of(1.0));

  /** The longest side of a picture: beyond it a first layer's output fills memory. */
  static final long LONGEST_SIDE = 16_384;

  /** To which size a picture is scaled. */
  public sealed interface Resize {
    /** The size of a picture of this size. */
    Size of(Size picture);
  }

  /**
   * The shorter side becomes this long, and the longer one in proportion, rounded down.
   *
   * @param length at least 1
   */
  public record ShorterSide(long length) implements Resize {
    @Override
    public Size of(Size picture) {
      long height = picture.height();
      long width = picture.width();
      return height < width
          ? new Size(length, length * width / height)
          : new Size(length * height / width, length);
    }
  }

  /**
   * Height and width become these, whatever they were.
   *
   * @param size at least 1 each
   */
  public record Exactly(Size size) implements Resize {
    @Override
    public Size of(Size picture) {
      return size;
    }
  }

  /**
   * Takes copies of the lists.
   *
   * @throws IllegalArgumentException if a size is not positive, a list is empty, or a number cannot
   *     be divided by
   */
  public PictureTransform {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    crop.ifPresent(PictureTransform::check);
    resize.ifPresent(each -> check(each.of(Size.ONE)));
    if (mean.isEmpty() || deviation.isEmpty()) {
      throw new IllegalArgumentException("mean and deviation have one number, or one a channel.");
    }
    if (deviation.contains(0.0)) {
      throw new IllegalArgumentException("numbers cannot be divided by a deviation of 0.");
    }
  }

  /**
   * The size of what it makes of a picture.
   *
   * @throws IllegalArgumentException if a side would be longer than 16,384
   */
  public Size size(Size picture) {
    return crop.orElse(scaled(picture));
  }

  /** The size once it is scaled. */
  Size scaled(Size picture) {
    Size scaled = resize.map(each -> each.of(picture)).orElse(picture);
    check(scaled);
    return scaled;
  }

  private static void check(Size size) {
    if (Math.min(size.height(), size.width()) < 1
        || Math.max(size.height(), size.width()) > LONGEST_SIDE) {
      throw new IllegalArgumentException(
          "a picture of "
              + ShapeText.crossed(size)
              + " cannot be made; its sides must be from 1 to "
              + LONGEST_SIDE
              + ".");
    }
  }

  /**
   * Refuses numbers that are not one for each channel.
   *
   * @throws IllegalArgumentException if there are more or fewer, and more than one
   */
  public void checkChannels(long channels) {
    checkCount("mean", mean, channels);
    checkCount("deviation", deviation, channels);
  }

  private static void checkCount(String what, List<Double> numbers, long channels) {
    if (numbers.size() != 1 && numbers.size() != channels) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " has "
              + numbers.size()
              + " numbers, and the picture "
              + (channels == 1 ? "one channel" : channels + " channels")
              + ". Give one number"
              + (channels == 1 ? "." : ", or " + channels + "."));
    }
  }

  /** A number from 0 to 1 as the network reads it. */
  float normal(float value, int channel) {
    float shift = of(mean, channel);
    return (value - shift) / of(deviation, channel);
  }

  private static float of(List<Double> numbers, int channel) {
    return numbers.get(numbers.size() == 1 ? 0 : channel).floatValue();
  }
}
