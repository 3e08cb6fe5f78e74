package io.github.convlens.cli;

import io.github.convlens.engine.PictureTransform;
import io.github.convlens.layer.Size;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The picture that a network is fed, and what becomes of it before. */
final class PictureOptions implements Arguments {
  private final Argument<Path> image =
      Argument.option("--image")
          .says(
              "Feed a picture (PNG, JPEG, GIF, BMP), its colours from 0 to 1. Transparent pixels"
                  + " count with the colour that is under them.")
          .read("FILE", Path.class, new RunCommand.PathName());

  private final Argument<String> resize =
      Argument.option("--resize")
          .says(
              "Scale the picture first, as torchvision's Resize does: N is the shorter side."
                  + " Without --resize and --crop it is scaled to the input.")
          .text("N|HxW");

  private final Argument<String> crop =
      Argument.option("--crop")
          .says("Then take its middle, as torchvision's CenterCrop does.")
          .text("N|HxW");

  private final Argument<String> mean =
      Argument.option("--mean")
          .says(
              "Take these from its numbers, as torchvision's Normalize does: one, or one for each"
                  + " channel, such as 0.485,0.456,0.406 (default: 0).")
          .text("NUMBERS");

  private final Argument<String> deviation =
      Argument.option("--std")
          .says("And divide them by these, such as 0.229,0.224,0.225 (default: 1).")
          .text("NUMBERS");

  @Override
  public void addTo(CommandSpec command) {
    image.addTo(command);
    resize.addTo(command);
    crop.addTo(command);
    mean.addTo(command);
    deviation.addTo(command);
  }

  /** The picture; null if there is none. */
  @Nullable PictureInput read(CommandSpec spec, PrintWriter err) {
    if (!image.hasValue()) {
      Idle.reject(spec, "it goes with --image.", "--resize", "--crop", "--mean", "--std");
      return null;
    }
    PictureTransform none = PictureTransform.NONE;
    Optional<PictureTransform.Resize> scaling =
        Optional.ofNullable(resize.orNull())
            .map(
                text ->
                    text.contains("x")
                        ? new PictureTransform.Exactly(Sizes.of("--resize", text))
                        : new PictureTransform.ShorterSide(Sizes.of("--resize", text).height()));
    Optional<Size> middle =
        Optional.ofNullable(crop.orNull()).map(text -> Sizes.of("--crop", text));
    List<Double> means = numbers("--mean", mean.orNull(), none.mean());
    List<Double> deviations = numbers("--std", deviation.orNull(), none.deviation());
    checked("--resize", () -> transform(scaling, Optional.empty(), none.mean(), none.deviation()));
    checked("--crop", () -> transform(Optional.empty(), middle, none.mean(), none.deviation()));
    PictureTransform transform =
        checked("--std", () -> transform(scaling, middle, means, deviations));
    return PictureInput.read(image.value(), transform, err);
  }

  private static PictureTransform transform(
      Optional<PictureTransform.Resize> resize,
      Optional<Size> crop,
      List<Double> mean,
      List<Double> deviation) {
    return new PictureTransform(resize, crop, mean, deviation);
  }

  private static PictureTransform checked(String option, Supplier<PictureTransform> transform) {
    try {
      return transform.get();
    } catch (IllegalArgumentException e) {
      throw new RequestException("option " + option + ": " + e.getMessage(), e);
    }
  }

  private static List<Double> numbers(
      String option, @Nullable String text, List<Double> byDefault) {
    if (text == null) {
      return byDefault;
    }
    List<Double> numbers = new ArrayList<>();
    for (String part : text.replaceAll("[\\[\\]() ]", "").split(",", -1)) {
      numbers.add(number(option, text, part));
    }
    return numbers;
  }

  private static double number(String option, String text, String part) {
    try {
      double number = Double.parseDouble(part);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below says so.
    }
    throw new RequestException(
        "option "
            + option
            + ": '"
            + text
            + "' is not a number, or one for each channel. Write such as 0.5 or"
            + " 0.485,0.456,0.406.");
  }
}
