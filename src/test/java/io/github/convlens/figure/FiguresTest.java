package io.github.convlens.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.language.Language;
import io.github.convlens.layer.ShapeException;
import io.github.convlens.trace.ReceptiveField;
import io.github.convlens.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.w3c.dom.Element;

/** What figures show, counted by hand or by loops that know nothing of them. */
class FiguresTest {
  @Test
  void theWindowsCellsAreThoseThatALoopFinds() {
    int cases = 0;
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int padding = 0; padding <= 2; padding++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            checkWindow(kernel, stride, padding, dilation);
            cases++;
          }
        }
      }
    }
    assertEquals(4 * 3 * 3 * 2, cases);
  }

  /** Input 8x9, kernel (kernel, 2): the classes of all cells, row by row. */
  private static void checkWindow(int kernel, int stride, int padding, int dilation) {
    String notation =
        ("Conv2d(1, 1, (" + kernel + ", 2), stride=" + stride + ", padding=" + padding)
            + (", dilation=" + dilation + ")");
    Shape output = Samples.layer(notation).output(new Shape(1, 1, 8, 9));
    int rows = (int) output.get(2);
    int columns = (int) output.get(3);
    int row = rows / 2;
    int column = columns - 1;
    Figure figure = Figures.window(Samples.layer(notation), new Shape(1, 1, 8, 9), row, column);
    int[][] readers = new int[8 + 2 * padding][9 + 2 * padding];
    boolean[][] read = new boolean[readers.length][readers[0].length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        for (int i = 0; i < kernel; i++) {
          for (int j = 0; j < 2; j++) {
            readers[r * stride + i * dilation][c * stride + j * dilation]++;
            if (r == row && c == column) {
              read[r * stride + i * dilation][c * stride + j * dilation] = true;
            }
          }
        }
      }
    }
    List<String> expected = new ArrayList<>();
    for (int y = 0; y < readers.length; y++) {
      for (int x = 0; x < readers[0].length; x++) {
        boolean pad = y < padding || x < padding || y >= 8 + padding || x >= 9 + padding;
        String outside = pad ? "padding" : readers[y][x] == 0 ? "unread" : "input";
        expected.add(read[y][x] ? (pad ? "read-padding" : "read") : outside);
      }
    }
    assertEquals(expected, cells(figure), notation);
    SvgDocument svg = SvgDocument.of(figure);
    assertEquals(kernel * 2, svg.boxes("read", "read-padding").size(), "taps");
    assertEquals(1, svg.boxes("made").size());
    assertEquals(rows * columns - 1, svg.boxes("output").size());
  }

  private static List<String> cells(Figure figure) {
    return SvgDocument.of(figure)
        .boxes("input", "padding", "unread", "read", "read-padding")
        .stream()
        .sorted(
            Comparator.comparingDouble((Element e) -> SvgDocument.number(e, "y"))
                .thenComparingDouble(e -> SvgDocument.number(e, "x")))
        .map(e -> e.getAttribute("class"))
        .toList();
  }

  @Test
  void theInputsThatReachAnOutputAreThoseThatALoopFinds() {
    Shape input = new Shape(1, 1, 4, 5);
    String layer = "ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)";
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 10; column++) {
        int reach = 0;
        for (int i = 0; i < 4; i++) {
          for (int j = 0; j < 5; j++) {
            for (int a = 0; a < 3; a++) {
              for (int b = 0; b < 3; b++) {
                reach += i * 2 - 1 + a == row && j * 2 - 1 + b == column ? 1 : 0;
              }
            }
          }
        }
        Figure figure = Figures.window(Samples.layer(layer), input, row, column);
        SvgDocument svg = SvgDocument.of(figure);
        assertEquals(reach, svg.boxes("read").size(), row + ", " + column);
        // The full result is 9x11 (3 x 2 + 3, 4 x 2 + 3), of which 8x10 stay: row and column -1 go.
        assertEquals(9 * 11 - 8 * 10, svg.boxes("cut").size());
      }
    }
  }

  @Test
  void aReceptiveFieldLiesWhereTheTraceSays() {
    Trace trace =
        Samples.trace(
            "Sequential(Conv2d(3, 8, 7, 2, 3), MaxPool2d(3, 2, 1), Conv2d(8, 8, 3, padding=1))",
            new Shape(1, 3, 224, 300));
    ReceptiveField field = trace.rows().get(2).receptiveField();
    assertEquals(19, field.height().size(), "7 + 2 x 2 + 2 x 4");
    for (long row : new long[] {0, 20, 55}) {
      Figure figure = Figures.receptiveField(trace, row, 30);
      SvgDocument svg = SvgDocument.of(figure);
      Element input = svg.boxes("input").get(0);
      Element read = svg.boxes("read").get(0);
      double scale = SvgDocument.number(input, "width") / 300;
      long start = Math.max(0, 4 * row - 9);
      long end = Math.min(224, 4 * row - 9 + 19);
      double top = SvgDocument.number(read, "y") - SvgDocument.number(input, "y");
      assertEquals(start, top / scale, 0.02);
      assertEquals(end - start, SvgDocument.number(read, "height") / scale, 0.02);
      assertEquals(19, SvgDocument.number(read, "width") / scale, 0.02);
    }
  }

  /** Cell by cell, and as areas where the picture is large. */
  @Test
  void aReceptiveFieldHasTheHolesOfWhatIsSeen() {
    String dilated =
        "Sequential(Conv2d(1, 1, 3, dilation=2, padding=%d), Conv2d(1, 1, 3, dilation=4))";
    for (int padding : new int[] {0, 3}) {
      for (int size : new int[] {20, 200}) {
        Trace trace = Samples.trace(dilated.formatted(padding), new Shape(1, 1, size, size));
        SvgDocument svg = SvgDocument.of(Figures.receptiveField(trace, 0, 0));
        // Each second of 13 rows and columns from -padding on: 7, of which 5 lie inside behind 3.
        int inside = padding == 0 ? 7 * 7 : 5 * 5;
        assertEquals(inside, svg.boxes("read").size(), size + " with padding " + padding);
        int shown = svg.boxes("read", "read-padding").size();
        assertEquals(size == 20 ? 7 * 7 : 7 * 7 + inside, shown, "areas lie on those of padding");
        int spanned = padding == 0 ? 13 * 13 : 10 * 10;
        assertTrue(
            svg.texts()
                .contains(
                    "There are holes: it reads %d of these %d pixels.".formatted(inside, spanned)),
            svg.texts().toString());
      }
    }
  }

  /** A row of five and a column of five: a cross of 9 in 5x5. */
  @Test
  void aReceptiveFieldNeedNotBeARectangle() {
    String cross =
        "Concat(Conv2d(1, 1, (1, 5), padding=(0, 2)), Conv2d(1, 1, (5, 1), padding=(2, 0)))";
    for (int size : new int[] {9, 90}) {
      Trace trace = Samples.trace(cross, new Shape(1, 1, size, size));
      SvgDocument svg = SvgDocument.of(Figures.receptiveField(trace, 4, 4));
      assertEquals(size == 9 ? 9 : 2, svg.boxes("read").size());
      assertTrue(svg.texts().contains("There are holes: it reads 9 of these 25 pixels."));
    }
  }

  @Test
  void behindAnEnlargingAnOutputSeesTheWindowThatItCameFrom() {
    Trace trace =
        Samples.trace(
            "Sequential(MaxPool2d(32), Upsample(scale_factor=32))", new Shape(1, 1, 64, 64));
    SvgDocument svg = SvgDocument.of(Figures.receptiveField(trace, 31, 32));
    assertTrue(
        svg.texts().contains("Of the input it sees 32x32: rows 0 to 31, columns 32 to 63."),
        svg.texts().toString());
  }

  @Test
  void arraysAreArrowsAndBranchesMeet() {
    Trace branches =
        Samples.trace(
            "Sequential(Concat(Conv2d(1, 2, 3, padding=1), Conv2d(1, 3, 5, padding=2)), ReLU())",
            new Shape(1, 1, 8, 8));
    Figure stack = Figures.stack(branches);
    SvgDocument svg = SvgDocument.of(stack);
    // input to each of two, each of them to concat: four heads. Two of the four go over a block.
    assertEquals(4, svg.elements("polygon", "arrow").size());
    assertEquals(List.of("input", "Conv2d", "Conv2d", "concat"), types(svg));
    assertTrue(svg.texts().contains("5x8x8"), svg.texts().toString());
    assertEquals(List.of(), stack.notes());
    assertTrue(
        svg.texts().contains("Left out are layers that keep the shape: ReLU."),
        svg.texts().toString());
  }

  /** What the blocks are, up to the legend. */
  private static List<String> types(SvgDocument svg) {
    List<String> types = List.of("input", "Conv2d", "concat");
    List<String> texts = svg.texts();
    return texts.subList(0, texts.lastIndexOf("input")).stream().filter(types::contains).toList();
  }

  /** A shortcut goes round what stands between; the join has a sign and no size. */
  @Test
  void aShortcutGoesToItsSum() {
    Trace net = Samples.preset("resnet18");
    SvgDocument svg = SvgDocument.of(Figures.stack(net));
    assertEquals(8, svg.elements("polygon", "join").size(), "eight sums");
    assertTrue(svg.texts().contains("ResNet: 1x3x224x224 to 1x1000"));
    assertTrue(svg.texts().contains("layer1.0.conv1"));
    // Where each layer is drawn, each reads what it is given.
    List<List<Integer>> sources =
        Wiring.of(
                net.network().graph(),
                Folded.of(Language.ENGLISH, net, 99, items -> true, row -> true).items())
            .sources();
    assertEquals(net.rows().size(), sources.size());
    for (int i = 0; i < sources.size(); i++) {
      int read = net.rows().get(i).inputs().size();
      assertEquals(read, sources.get(i).size(), net.rows().get(i).path());
    }
  }

  /** What leaves one line of the picture comes into another under the same letter. */
  @Test
  void aWayIntoAnotherLineHasALetter() {
    List<String> texts = SvgDocument.of(Figures.stack(Samples.preset("mobilenet_v2"))).texts();
    assertEquals(2, texts.stream().filter("a"::equals).count());
    assertEquals(0, texts.stream().filter("b"::equals).count());
  }

  @Test
  void aHundredEqualLayersAreOneBlock() {
    String hundred =
        "Sequential("
            + "Conv2d(8, 8, 3, padding=1), ReLU(), ".repeat(60)
            + "Conv2d(8, 16, 3, stride=2, padding=1), "
            + "Conv2d(16, 16, 3, padding=1), ".repeat(39)
            + "Conv2d(16, 16, 5, padding=2))";
    Figure stack = Figures.stack(Samples.trace(hundred, new Shape(1, 8, 32, 32)));
    SvgDocument svg = SvgDocument.of(stack);
    assertTrue(
        svg.texts()
            .containsAll(
                List.of("60 x Conv2d", "0 to 118", "40 x Conv2d", "120 to 159", "Conv2d", "160")),
        svg.texts().toString());
    assertEquals(
        List.of("Layers in a row that are alike are drawn once, with their number."),
        stack.notes());
  }

  /** In a U-Net the smaller maps stand lower, and the skips go over them. */
  @Test
  void aUNetIsAU() {
    String net =
        "Sequential(Conv2d(1, 4, 3, padding=1), Concat(Identity(), Sequential(MaxPool2d(2),"
            + " Conv2d(4, 8, 3, padding=1), ConvTranspose2d(8, 4, 2, stride=2))),"
            + " Conv2d(8, 1, 1))";
    SvgDocument svg = SvgDocument.of(Figures.stack(Samples.trace(net, new Shape(1, 1, 32, 32))));
    List<Double> baselines = new ArrayList<>();
    for (String size : List.of("4x32x32", "4x16x16", "8x16x16", "8x32x32")) {
      baselines.add(
          svg.elements("text").stream()
              .filter(text -> text.getTextContent().equals(size))
              .mapToDouble(text -> SvgDocument.number(text, "y"))
              .findFirst()
              .orElseThrow());
    }
    assertEquals(baselines.get(0), baselines.get(3), "both ends of the skip");
    assertEquals(baselines.get(1), baselines.get(2), "the smaller maps");
    assertTrue(baselines.get(1) > baselines.get(0) + 40, baselines.toString());
    // input, conv, pool, conv, transposed, concat (two), conv
    assertEquals(7, svg.elements("polygon", "arrow").size());
  }

  @Test
  void stepsSayWhatTheirColoursMean() {
    Shape input = new Shape(1, 1, 7, 10);
    assertTrue(
        SvgDocument.of(Figures.steps(Samples.layer("Conv2d(1, 1, 2, stride=3)"), input))
            .texts()
            .contains("read by no window"));
    List<String> transposed =
        SvgDocument.of(Figures.steps(Samples.layer("ConvTranspose2d(1, 1, 2)"), input)).texts();
    assertTrue(transposed.contains("inputs that reach the output"), transposed.toString());
  }

  @Test
  void sequencesAndVolumesAreStacksAndCurves() {
    Trace sequence =
        Samples.trace(
            "Sequential(Conv1d(4, 8, 3, stride=2), MaxPool1d(2), Flatten(), Linear(192, 10))",
            new Shape(1, 4, 99));
    SvgDocument stack = SvgDocument.of(Figures.stack(sequence));
    assertTrue(
        stack.texts().containsAll(List.of("4x99", "8x49", "8x24", "192", "10")),
        stack.texts().toString());
    assertEquals(
        "arrow 8, card 1, convolution 4, input 4, linear 4, other 4, pool 4", stack.counts());
    String edges =
        "Each block is a layer's output; its edges are channels and length, drawn as square roots.";
    assertEquals(
        edges,
        String.join(" ", stack.texts().subList(stack.texts().size() - 2, stack.texts().size())));
    assertEquals(List.of(99L, 49L, 24L), Curve.of("sequence", sequence).sizes());
    Trace volume =
        Samples.trace("Sequential(Conv3d(1, 2, 3), AvgPool3d(2))", new Shape(1, 1, 10, 12, 14));
    assertTrue(SvgDocument.of(Figures.stack(volume)).texts().contains("2x4x5x6"));
    assertEquals(List.of(12L, 10L, 5L), Curve.of("volume", volume).sizes());
    assertEquals("volume", Curve.of("volume", volume).name());
  }

  @Test
  void theLessonsWindowIsDrawnSo() {
    Figure figure =
        Figures.window(
            Samples.layer("Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))"),
            new Shape(1, 1, 8, 8),
            0,
            0);
    SvgDocument svg = SvgDocument.of(figure);
    // Each with one in the legend: 3x5 taps, one column of them padding; 2x8 unread; 2x8 padding.
    assertEquals(
        "arrow 2, card 1, input 37, made 2, output 4, padding 14, read 13, read-padding 4,"
            + " unread 17, window 1",
        svg.counts());
    List<String> texts = svg.texts();
    assertTrue(texts.contains("Output (0, 0) reads rows 0 to 2 and columns -1 to 3."));
    assertTrue(texts.contains("width: floor((8 + 1 + 1 - 5) / 4) + 1 = 2"));
    assertTrue(texts.containsAll(List.of("input 8x8", "output 2x2")));
  }

  /**
   * PyTorch's gradients reach 3x3 of 5x5: rows and columns 1, 4, and 2, which the padding shows.
   */
  @Test
  void whatTheReflectionShowsIsRead() {
    SvgDocument svg =
        SvgDocument.of(
            Figures.window(
                Samples.layer("Conv2d(1, 1, 1, stride=3, padding=2, padding_mode='reflect')"),
                new Shape(1, 1, 5, 5),
                1,
                1));
    assertEquals(25 - 9, svg.boxes("unread").size());
  }

  @Test
  void anEvenKernelsPaddingStandsWhereItsAuthorPutsIt() {
    SvgDocument svg = SvgDocument.of(Figures.samePaddings(4, 1, 8));
    assertEquals(
        List.of(
            "\"Same\" padding: kernel 4, stride 1, input 8",
            "the notes: 2 before, 1 after, output 8",
            "PyTorch padding='same': 1 before, 2 after, output 8",
            "TensorFlow SAME, ONNX SAME_UPPER: 1 before, 2 after, output 8",
            "ONNX SAME_LOWER: 2 before, 1 after, output 8",
            "input",
            "padding",
            "the first window"),
        svg.texts());
    assertEquals(4 * 8, svg.boxes("input").size());
    assertEquals(4 * 3, svg.boxes("padding").size());
  }

  @Test
  void matricesShowTheirNumbers() {
    SvgDocument svg = SvgDocument.of(Samples.matrices());
    assertEquals(
        List.of(
            "X * K = Y",
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "X",
            "*",
            "0",
            "1",
            "2",
            "3",
            "K",
            "=",
            "19",
            "25",
            "37",
            "43.125",
            "Y"),
        svg.texts());
    assertEquals(5, svg.boxes("read").size(), "four of X, one of Y");
  }

  @Test
  void aStackHasABlockForEachLayerThatMakesAShape() {
    SvgDocument svg = SvgDocument.of(Figures.stack(Samples.preset("lenet")));
    // Three faces a block and a swatch: input, 2 convolutions, 2 pools, Flatten, 3 linear layers.
    assertEquals(
        "arrow 16, card 1, convolution 7, input 4, linear 10, other 4, pool 7", svg.counts());
    assertTrue(svg.texts().containsAll(List.of("1x28x28", "6x28x28", "16x5x5", "400", "10")));
  }

  @Test
  void barsAreAsLongAsTheCosts() {
    SvgDocument svg = SvgDocument.of(Figures.cost(Samples.preset("lenet")));
    List<Double> macs =
        svg.boxes("macs").stream().map(e -> SvgDocument.number(e, "width")).toList();
    assertEquals(5, macs.size());
    assertEquals(117_600.0 / 240_000, macs.get(0) / macs.get(1), 0.001);
    assertEquals(48_000.0 / 240_000, macs.get(2) / macs.get(1), 0.001);
  }

  @Test
  void aCurveGoesThroughItsSizes() {
    Curve curve = Curve.of("lenet", Samples.preset("lenet"));
    assertEquals(List.of(28L, 28L, 28L, 14L, 10L, 10L, 5L), curve.sizes());
    SvgDocument svg = SvgDocument.of(Figures.sizes(Samples.preset("lenet")));
    String[] points =
        svg.elements("polyline", "curve-1").stream()
            .map(e -> e.getAttribute("points").split(" "))
            .filter(p -> p.length == 14)
            .findFirst()
            .orElseThrow();
    double[] heights = new double[14];
    double[] places = new double[14];
    for (int i = 0; i < 14; i++) {
      places[i] = Double.parseDouble(points[i].split(",")[0]);
      heights[i] = Double.parseDouble(points[i].split(",")[1]);
    }
    for (int i = 0; i < 7; i++) {
      assertEquals(heights[2 * i], heights[2 * i + 1], "a step is level");
      assertEquals((places[13] - places[0]) / 7, places[2 * i + 1] - places[2 * i], 0.02);
      double expected = (28.0 - curve.sizes().get(i)) / (28 - 5);
      assertEquals(expected, (heights[2 * i] - heights[0]) / (heights[13] - heights[0]), 0.001);
    }
    assertTrue(
        svg.texts().containsAll(List.of("2 AvgPool2d", "3 Conv2d", "5 AvgPool2d")),
        svg.texts().toString());
    assertTrue(svg.texts().contains("Named are the layers that change it."));
  }

  @Test
  void bothAxesAreCurvesWhereTheyDiffer() {
    Trace trace = Samples.trace("MaxPool2d((2, 1))", new Shape(1, 1, 8, 12));
    List<Curve> curves = Depth.ofSizes(Language.ENGLISH, trace).curves();
    assertEquals(List.of("height", "width"), curves.stream().map(Curve::name).toList());
    assertEquals(List.of(List.of(8L, 4L), List.of(12L, 12L)), sizes(curves));
    Trace square = Samples.trace("MaxPool2d(2)", new Shape(1, 1, 8, 8));
    assertEquals(
        "height and width", Depth.ofSizes(Language.ENGLISH, square).curves().get(0).name());
  }

  private static List<List<Long>> sizes(List<Curve> curves) {
    return curves.stream().map(Curve::sizes).toList();
  }

  @Test
  void fieldsAreThoseOfTheTraceBesideTheInput() {
    Trace trace =
        Samples.trace(
            "Sequential(Conv2d(1, 1, 3), MaxPool2d(2), Conv2d(1, 1, 3))", new Shape(1, 1, 20, 20));
    List<Curve> curves = Depth.ofFields(Language.ENGLISH, trace).curves();
    assertEquals(List.of(List.of(1L, 3L, 4L, 8L), List.of(20L, 20L, 20L, 20L)), sizes(curves));
    SvgDocument svg = SvgDocument.of(Figures.fields(trace));
    assertTrue(
        svg.texts()
            .containsAll(
                List.of(
                    "Receptive field against depth",
                    "height and width: 1 to 8",
                    "the input's height and width: 20")),
        svg.texts().toString());
  }

  /** PyTorch's numbers: those of d2l's chapter, and those of the script in the comment. */
  @Test
  void matricesOfALayerAreItsArithmetic() {
    // x = torch.arange(9.).reshape(1, 1, 3, 3); w = torch.arange(4.).reshape(1, 1, 2, 2)
    assertOutputs("19 25 37 43", "Conv2d(1, 1, 2)", new Shape(1, 1, 3, 3));
    assertOutputs("56 72 104 120", "Conv2d(2, 1, 2)", new Shape(1, 2, 3, 3));
    assertOutputs(
        "0 3 8 4 9 19 25 10 21 37 43 16 6 7 8 0",
        "Conv2d(1, 1, 2, padding=1)",
        new Shape(1, 1, 3, 3));
    assertOutputs("0 8 6 8", "Conv2d(1, 1, 2, padding=1, stride=(3, 2))", new Shape(1, 1, 3, 3));
    assertOutputs("4 5 7 8", "MaxPool2d(2, stride=1)", new Shape(1, 1, 3, 3));
    assertOutputs("2 3 5 6", "AvgPool2d(2, stride=1)", new Shape(1, 1, 3, 3));
    // conv_transpose2d(torch.arange(4.).reshape(1, 1, 2, 2), w): d2l, section 14.10
    assertOutputs("0 0 1 0 4 6 4 12 9", "ConvTranspose2d(1, 1, 2)", new Shape(1, 1, 2, 2));
    // conv2d(pad(x, (1, 1, 1, 1), mode="reflect"), torch.arange(9.).reshape(1, 1, 3, 3))
    assertOutputs(
        "96 114 120 186 204 210 168 186 192",
        "Conv2d(1, 1, 3, padding=1, padding_mode='reflect')",
        new Shape(1, 1, 3, 3));
    // avg_pool2d(x, 2, 2, 1, count_include_pad=False), and with the default
    assertOutputs(
        "0 1.5 4.5 6",
        "AvgPool2d(2, 2, padding=1, count_include_pad=False)",
        new Shape(1, 1, 3, 3));
    assertOutputs("0 0.75 2.25 6", "AvgPool2d(2, 2, padding=1)", new Shape(1, 1, 3, 3));
  }

  private static void assertOutputs(String numbers, String layer, Shape input) {
    List<String> texts =
        SvgDocument.of(Figures.matrices(Samples.layer(layer), input, 0, 0)).texts();
    int last = texts.lastIndexOf("Y");
    List<String> expected = List.of(numbers.split(" "));
    assertEquals(expected, texts.subList(last - expected.size(), last), layer);
  }

  @Test
  void aMapThatGoesOnIsTornOff() {
    Shape large = new Shape(1, 3, 224, 40);
    Figure inside = Figures.window(Samples.layer("Conv2d(3, 8, 3)"), large, 100, 20);
    assertEquals(8, SvgDocument.of(inside).elements("polyline", "edge").size());
    Figure corner = Figures.window(Samples.layer("Conv2d(3, 8, 3)"), large, 0, 0);
    assertEquals(4, SvgDocument.of(corner).elements("polyline", "edge").size());
    Figure whole = Figures.window(Samples.layer("Conv2d(1, 1, 3)"), new Shape(1, 1, 8, 8), 0, 0);
    assertEquals(0, SvgDocument.of(whole).elements("polyline", "edge").size());
    assertEquals(
        List.of(
            "Drawn are columns 0 to 23 of 0 to 99 of the padded input.",
            "Drawn are columns 0 to 23 of 0 to 99 of the output."),
        Figures.window(Samples.layer("MaxPool2d(1)"), new Shape(1, 1, 1, 100), 0, 0).notes());
  }

  @Test
  void aFilmHasAFrameOfOneSizeForEachStep() {
    List<Figure> frames =
        Figures.film(Samples.layer("Conv2d(1, 1, 3, stride=2, padding=1)"), new Shape(1, 1, 8, 9));
    assertEquals(4 * 5, frames.size());
    assertEquals(1, frames.stream().map(Figure::width).distinct().count());
    assertEquals(1, frames.stream().map(Figure::height).distinct().count());
    for (int i = 0; i < frames.size(); i++) {
      List<String> texts = SvgDocument.of(frames.get(i)).texts();
      assertTrue(texts.contains("the output (" + i / 5 + ", " + i % 5 + ")"), texts.toString());
      assertTrue(texts.contains("padding under the window"), "the same keys in all");
    }
    List<Figure> many = Figures.film(Samples.layer("Conv2d(1, 1, 1)"), new Shape(1, 1, 9, 9));
    assertEquals(64, many.size());
    assertEquals(List.of("Shown are the first 64 of 9x9 steps."), many.get(63).notes());
  }

  @Test
  void twoLayersStandBelowEachOther() {
    Shape input = new Shape(1, 1, 8, 8);
    Figure figure =
        Figures.compare(
            Samples.trace("Conv2d(1, 1, 3, stride=2)", input),
            Samples.trace("Conv2d(1, 1, 5)", input),
            1,
            0);
    SvgDocument svg = SvgDocument.of(figure);
    assertEquals(9 + 25, svg.boxes("read").size());
    assertTrue(
        svg.texts()
            .containsAll(
                List.of(
                    "1: Conv2d(1, 1, kernel_size=(3, 3), stride=(2, 2))",
                    "2: Conv2d(1, 1, kernel_size=(5, 5))",
                    "1: Output (1, 0) reads rows 2 to 4 and columns 0 to 2.",
                    "2: Output (1, 0) reads rows 1 to 5 and columns 0 to 4.")),
        svg.texts().toString());
    Figure nets = Figures.compare(Samples.preset("lenet"), Samples.preset("lenet"), 0, 0);
    assertTrue(
        SvgDocument.of(nets).texts().contains("2: Sequential: 28 to 5"),
        SvgDocument.of(nets).texts().toString());
  }

  @Test
  void whoCannotSeeItHearsTheSentences() {
    Figure window = Figures.window(Samples.layer("Conv2d(1, 1, 3)"), new Shape(1, 1, 8, 8), 1, 2);
    SvgDocument svg = SvgDocument.of(window);
    assertEquals("Conv2d(1, 1, kernel_size=(3, 3))", svg.elements("title").get(0).getTextContent());
    assertEquals(
        "Output (1, 2) reads rows 1 to 3 and columns 2 to 4. height: floor((8 + 0 + 0 - 3) / 1) + 1"
            + " = 6. width: floor((8 + 0 + 0 - 3) / 1) + 1 = 6. Drawn are: input, read by the window,"
            + " the output (1, 2), other outputs.",
        svg.elements("desc").get(0).getTextContent());
  }

  @Test
  void whatIsLeftOutIsANote() {
    Shape large = new Shape(1, 3, 224, 224);
    assertEquals(
        List.of(
            "Drawn are rows -2 to 21 of -2 to 225 and columns 112 to 135 of -2 to 225 of the"
                + " padded input.",
            "Drawn are rows 0 to 23 of 0 to 54 and columns 19 to 42 of 0 to 54 of the output."),
        Figures.window(Samples.layer("Conv2d(3, 64, 11, stride=4, padding=2)"), large, 0, 30)
            .notes());
    assertEquals(
        List.of(
            "The window spans 101 positions, more than the 32 that are drawn as cells, so it is"
                + " drawn to scale."),
        Figures.window(Samples.layer("Conv2d(3, 64, 101)"), large, 0, 0).notes());
    assertEquals(
        List.of("Blocks are folded at depth 2: 12 stand for 185."),
        Figures.stack(Samples.preset("densenet121")).notes());
    assertEquals(List.of(), Samples.matrices().notes());
  }

  @Test
  void saysWhatCannotBeDrawn() {
    Shape input = new Shape(1, 1, 8, 8);
    String window = "Conv2d(1, 1, kernel_size=(3, 5), padding=(0, 1), stride=(3, 4))";
    assertSays(
        "the output has no such cell.\n"
            + "Row 2, column 0 was asked for but the output is 2x2.\n"
            + "Use rows 0 to 1 and columns 0 to 1.",
        () -> Figures.window(Samples.layer(window), input, 2, 0));
    assertSays(
        "this figure shows one layer with a window.\n"
            + "ReLU() has none.\n"
            + "Use a Conv2d, ConvTranspose2d, MaxPool2d or AvgPool2d, or draw the stack.",
        () -> Figures.window(Samples.layer("ReLU()"), input, 0, 0));
    String noPicture =
        "this figure is drawn on a picture.\n"
            + "The input is [1, 1, 9].\n"
            + "Use an input (batch, channels, height, width), or draw the stack, the sizes or the"
            + " cost.";
    Shape sequence = new Shape(1, 1, 9);
    assertSays(noPicture, () -> Figures.window(Samples.layer("Conv1d(1, 1, 3)"), sequence, 0, 0));
    assertSays(noPicture, () -> Figures.steps(Samples.layer("Conv1d(1, 1, 3)"), sequence));
    assertSays(
        noPicture, () -> Figures.receptiveField(Samples.trace("Conv1d(1, 1, 3)", sequence), 0, 0));
    assertSays(
        "the steps of this window are too large to draw.\n"
            + "It spans 33 positions; at most 32 are drawn.\n"
            + "Draw a single window instead, which falls back to a drawing to scale.",
        () -> Figures.steps(Samples.layer("Conv2d(1, 1, 33)"), new Shape(1, 1, 40, 40)));
    assertSays(
        "the padded axis is too long to draw.\n"
            + "It is 44 for kernel 4 and input 40; at most 40 cells are drawn.\n"
            + "Use a smaller input or kernel; where the padding goes depends on neither's size.",
        () -> Figures.samePaddings(4, 1, 40));
    assertSays(
        "there must be matrices to draw.\nThere are 0.\nUse one or more.",
        () -> Figures.matrices(List.of()));
    assertSays(
        "the rows of a matrix must be equally long.\n"
            + "'X' has 2 numbers in row 0 and 1 in row 1.\n"
            + "Use 2 in each row.",
        () -> Matrix.of("X", new double[][] {{1, 2}, {3}}));
    assertSays(
        "the matrix has no such cell.\n"
            + "Row 0, column 2 is to be marked but 'X' is 1x2.\n"
            + "Use rows 0 to 0 and columns 0 to 1.",
        () -> Matrix.of("X", new double[][] {{1, 2}}).mark(0, 2));
    assertSays(
        "the numbers of this layer are too many to be read.\n"
            + "An axis has 13 positions; at most 12 are drawn as numbers.\n"
            + "Use a smaller input, or draw the window.",
        () -> Figures.matrices(Samples.layer("Conv2d(1, 1, 3)"), new Shape(1, 1, 13, 8), 0, 0));
    assertSays(
        "the numbers of this layer are too many to be read.\n"
            + "An output reads 4 channels; at most 3 are drawn.\n"
            + "Use an input of fewer channels, or draw the window.",
        () -> Figures.matrices(Samples.layer("Conv2d(4, 1, 3)"), new Shape(1, 4, 8, 8), 0, 0));
    assertSays(
        "this figure shows a layer's arithmetic.\n"
            + "That of LPPool2d is not drawn.\n"
            + "Use a Conv2d, ConvTranspose2d, MaxPool2d or AvgPool2d, or draw the window.",
        () -> Figures.matrices(Samples.layer("LPPool2d(2, 3)"), input, 0, 0));
    assertSays(
        "a chart has from 1 to 6 curves.\nHere are 0.\nUse one or more.",
        () -> Figures.sizes(List.of()));
    assertThrows(
        ShapeException.class, () -> Figures.window(Samples.layer("Conv2d(1, 1, 9)"), input, 0, 0));
  }

  private static void assertSays(String message, Executable request) {
    assertEquals(message, assertThrows(FigureException.class, request).getMessage());
  }
}
