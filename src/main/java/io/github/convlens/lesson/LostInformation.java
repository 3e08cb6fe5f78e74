package io.github.convlens.lesson;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.convlens.layer.Axis;
import io.github.convlens.layer.Conv2dSpec;
import io.github.convlens.layer.Exact;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.MaxPool2dSpec;
import io.github.convlens.layer.Padding;
import io.github.convlens.layer.PaddingMode;
import io.github.convlens.layer.Size;
import io.github.convlens.layer.Window2d;
import io.github.convlens.trace.Convention;
import io.github.convlens.trace.Row;
import io.github.convlens.trace.Trace;
import io.github.convlens.trace.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claim 12: convolutions and pools lose information. A layer that gives back fewer numbers than it
 * takes must; a stride above the kernel does not even read some; a layer that gives back as many
 * need not.
 *
 * @param picture the picture's size, one channel
 * @param convolutions convolutions of one input channel with the same padding at both ends
 * @param pools maximum pools
 */
public record LostInformation(
    Size picture, List<Conv2dSpec> convolutions, List<MaxPool2dSpec> pools)
    implements Claim.Measured {

  /**
   * What becomes of the picture in a layer.
   *
   * @param layer the layer
   * @param output the output's shape (1, channels, h, w)
   * @param neverRead pixels of the picture that no output reads
   */
  public record Fate(LayerSpec layer, Shape output, long neverRead) {
    /** How many numbers the layer gives back: output elements. */
    public long numbers() {
      return Exact.elements(output);
    }
  }

  /** Checks that the engine's blocks can do these layers. */
  public LostInformation {
    Require.count(picture.height(), "height");
    Require.count(picture.width(), "width");
    convolutions = List.copyOf(convolutions);
    pools = List.copyOf(pools);
    Stream.concat(
            convolutions.stream().map(Conv2dSpec::window),
            pools.stream().map(MaxPool2dSpec::window))
        .forEach(LostInformation::checkPadding);
    convolutions.forEach(LostInformation::checkZeros);
  }

  private static void checkZeros(Conv2dSpec convolution) {
    if (convolution.paddingMode() != PaddingMode.ZEROS) {
      throw new IllegalArgumentException(
          "padding_mode must be zeros.\nHere it is " + convolution.paddingMode() + ".");
    }
  }

  private static void checkPadding(Window2d window) {
    if (!(window.padding() instanceof Padding.Explicit explicit && explicit.isSymmetric())) {
      throw new IllegalArgumentException(
          "padding must be a number, the same at both ends.\nHere it is " + window.padding() + ".");
    }
  }

  @Override
  public int number() {
    return 12;
  }

  @Override
  public String statement() {
    return "Convolution and pooling lose information.";
  }

  /** What becomes of the picture in each of the layers. */
  public List<Fate> fates() {
    return Stream.<LayerSpec>concat(convolutions.stream(), pools.stream()).map(this::fate).toList();
  }

  private Fate fate(LayerSpec layer) {
    Row row = Trace.of(layer, shape(), Convention.TORCHVISION).rows().get(0);
    long height = picture.height() - unread(row, Axis.HEIGHT);
    long width = picture.width() - unread(row, Axis.WIDTH);
    return new Fate(layer, row.output(), picture.area() - height * width);
  }

  private static long unread(Row row, Axis axis) {
    return row.unread(axis).map(Unread::positions).orElse(0L);
  }

  private Shape shape() {
    return new Shape(1, 1, picture.height(), picture.width());
  }

  private boolean loses(Fate fate) {
    return fate.numbers() < picture.area() || fate.neverRead() > 0;
  }

  @Override
  public Finding check() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "a picture of %dx%d, %d numbers:"
            .formatted(picture.height(), picture.width(), picture.area()));
    lines.add("%-60s%18s%12s".formatted("", "gives back", "never read"));
    for (Fate fate : fates()) {
      lines.add(
          "%-60s%18s%12d"
              .formatted(
                  fate.layer(),
                  "%dx%dx%d = %d"
                      .formatted(
                          fate.output().get(1),
                          fate.output().get(2),
                          fate.output().get(3),
                          fate.numbers()),
                  fate.neverRead()));
    }
    return new Finding(lines, verdict());
  }

  private Verdict verdict() {
    List<Fate> losing = fates().stream().filter(this::loses).toList();
    List<Fate> keeping = fates().stream().filter(fate -> !loses(fate)).toList();
    if (keeping.isEmpty()) {
      return new Verdict.Right();
    }
    if (losing.isEmpty()) {
      return new Verdict.Wrong(names(keeping) + " reads all and gives back as many numbers.");
    }
    return new Verdict.RightUnderACondition(
        "a layer must lose something where it gives back fewer numbers than it takes or leaves"
            + " some unread. So it is with "
            + names(losing)
            + ", but not with "
            + names(keeping)
            + ".");
  }

  private static String names(List<Fate> fates) {
    return fates.stream().map(fate -> fate.layer().toString()).collect(Collectors.joining(" and "));
  }

  /** {@inheritDoc} Asks the gradient which pixels an output depends on. */
  @Override
  public Measurement measure(NDManager manager) {
    List<String> lines = new ArrayList<>();
    Measurement.Agreement agreement = Measurement.Agreement.AGREES;
    for (Fate fate : fates()) {
      try (NDManager scratch = manager.newSubManager()) {
        Influence influence = Influence.of(scratch, fate.layer(), shape());
        lines.add(
            "%s: %d of %d pixels have no influence"
                .formatted(fate.layer(), influence.without(), picture.area()));
        agreement = agreement.and(agreement(influence, fate));
        if (fate.layer() instanceof Conv2dSpec conv && fate.output().equals(shape())) {
          boolean same = Influence.returnsThePicture(scratch, conv, shape());
          lines.add(
              "  with a 1 in the middle of its kernel and 0 around it, it returns the picture: "
                  + (same ? "yes" : "no"));
        }
      }
    }
    return new Measurement(lines, agreement);
  }

  /** A convolution passes on all that it reads; a maximum at most one pixel for each output. */
  private Measurement.Agreement agreement(Influence influence, Fate fate) {
    if (fate.layer() instanceof Conv2dSpec) {
      return Measurement.Agreement.of(influence.without(), fate.neverRead());
    }
    boolean possible =
        influence.without() >= fate.neverRead()
            && picture.area() - influence.without() <= fate.numbers();
    return Measurement.Agreement.of(possible, true);
  }
}
