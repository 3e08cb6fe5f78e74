package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Note;
import io.github.convlens.graph.Shapes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints of other versions, and of layers that wear something: as PyTorch counts them. */
class OtherPrintsTest {
  private static final String ROUNDING =
      "PyTorch 0.2 prints a pool without its ceil_mode; False is taken.";
  private static final String BIAS =
      "PyTorch 0.2 prints Linear (in -> out) without its bias; one is taken to be there.";

  private static long parameters(Graph graph) {
    return graph.modules().stream().mapToLong(module -> module.layer().parameters()).sum();
  }

  private static List<String> notes(Graph graph) {
    return graph.notes().stream().map(Note::text).toList();
  }

  private static NotationException refused(String text) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(text), text);
  }

  /** Where any children would do, a name is certain only of numbered ones, as in a Sequential. */
  @Test
  void aNameAloneDoesNotSayWhatNamedChildrenDo() {
    String numbered = "ConvBNReLU(\n  (0): Conv2d(3, 8, kernel_size=(1, 1))\n  (1): ReLU()\n)";
    assertEquals(List.of(), notes(PyTorch.parse(numbered)));
    String named = numbered.replace("(0)", "(conv)").replace("(1)", "(pool)");
    assertEquals(
        List.of(
            "ConvBNReLU has the children of torchvision.ops.misc's, and is taken to be that:"
                + " in_order(children, x)."),
        notes(PyTorch.parse(named)));
  }

  @Test
  void textInAListIsNoLayer() {
    assertEquals(
        "line 4, column 7: and is no layer of this ModuleList.\n"
            + "  and 3 more\n"
            + "  ^\n"
            + "Take it out; where layers were cut out, paste all that print(model) shows.",
        refused("MyNet(\n  (a): ModuleList(\n    (0): ReLU()\n      and 3 more\n  )\n)")
            .getMessage());
  }

  @Test
  void aSecondPrintIsNotRunBehindTheFirst() {
    String print = "Sequential(\n  (0): Conv2d(3, 3, kernel_size=(3, 3))\n)\n";
    assertEquals(
        "line 4, column 1: a second network is printed here.\n"
            + "  Sequential(\n"
            + "  ^\n"
            + "Paste one alone; write nn.Sequential(a, b) to run one behind the other.",
        refused(print + print).getMessage());
  }

  /** mmcv notes how a module was initialised behind its children. */
  @Test
  void whatIsNotedOfAModulesInitialisationIsNoArgument() {
    String block = "MyBlock(\n  (conv): Conv2d(2, 3, kernel_size=(1, 1))\n";
    Graph net =
        PyTorch.parse(
            block + "  init_cfg=[{'type': 'Kaiming', 'layer': 'Conv2d'}, {'val': [1.0, {}]}]\n)");
    assertEquals(PyTorch.parse(block + ")"), net);
    assertEquals(
        "MyBlock shows arguments of its own besides its children, and what its forward does with"
            + " them is not known.",
        refused(block + "  norm_cfg={'type': 'BN'}\n)").getMessage().split("\n")[0].substring(18));
  }

  /** What PyTorch 0.2 to 1.1 printed, and the call that makes the same layer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ReLU(inplace)~nn.ReLU(inplace=True)",
        "ReLU6 (inplace)~nn.ReLU6(True)",
        "Dropout (p = 0.5, inplace)~nn.Dropout(0.5, True)",
        "Dropout2d(p=0.5, inplace)~nn.Dropout2d(0.5)",
        "LeakyReLU (0.2, inplace)~nn.LeakyReLU(0.2)",
        "ELU (alpha=1.0, inplace)~nn.ELU()",
        "Threshold (0.1, 20, inplace)~nn.Threshold(0.1, 20)",
        "Hardtanh(min_val=0, max_val=6, inplace)~nn.Hardtanh(0, 6)",
        "Softmax ()~nn.Softmax()",
        "PReLU (1)~nn.PReLU()",
        "Conv2d (3, 64, kernel_size=(3, 3), stride=(1, 1), bias=False)~nn.Conv2d(3, 64, 3, bias=False)",
        "MaxPool2d (size=3, stride=2, padding=1, dilation=1, ceil_mode=True)~nn.MaxPool2d(3, 2, 1, ceil_mode=True)",
        "MaxPool1d (size=2, stride=2, padding=0, dilation=1, ceil_mode=False)~nn.MaxPool1d(2)",
        "AvgPool1d (size=(2,), stride=(2,), padding=(0,), ceil_mode=False, count_include_pad=True)~nn.AvgPool1d(2)",
        "AvgPool2d (size=7, stride=7, padding=0, ceil_mode=False, count_include_pad=False)~nn.AvgPool2d(7, count_include_pad=False)",
        "LPPool2d (2, size=(2, 2), stride=(2, 2), ceil_mode=False)~nn.LPPool2d(2, 2)",
        "BatchNorm2d (8, eps=1e-05, momentum=0.1, affine=True)~nn.BatchNorm2d(8)",
        "ZeroPad2d(padding=(0, 1, 0, 1), value=0.0)~nn.ZeroPad2d((0, 1, 0, 1))",
        "ReflectionPad2d (3, 3, 3, 3)~nn.ReflectionPad2d(3)",
        "Upsample(scale_factor=2, mode=nearest)~nn.Upsample(scale_factor=2)",
        "Upsample(size=(16, 16), mode=bilinear)~nn.Upsample((16, 16), mode='bilinear')",
        "Linear (800 -> 500, bias=False)~nn.Linear(800, 500, bias=False)",
      })
  void oldPrintsAreReadAsTheyWereMeant(String print, String call) {
    Graph graph = PyTorch.parse(print);
    assertEquals(PyTorch.parse(call).layer(), graph.layer());
    assertEquals(List.of(), graph.notes());
  }

  @Test
  void whatOldPrintsDoNotShowIsANote() {
    Graph pool = PyTorch.parse("MaxPool2d (size=(3, 3), stride=(2, 2), dilation=(1, 1))");
    assertEquals(PyTorch.parse("nn.MaxPool2d(3, 2)").layer(), pool.layer());
    assertEquals(List.of(ROUNDING), notes(pool));
    Graph linear = PyTorch.parse("Linear (800 -> 500)");
    assertEquals(PyTorch.parse("nn.Linear(800, 500)").layer(), linear.layer());
    assertEquals(List.of(BIAS), notes(linear));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sigmoid(inplace)",
        "ReLU(inplace=inplace)",
        "ReLU(True, inplace)",
        "Conv2d(8, 8, size=3)",
        "Conv2d(3 -> 64, kernel_size=(3, 3))",
        "ZeroPad2d(padding=(0, 1, 0, 1), value=1.0)",
        "nn.ReflectionPad2d(3, 3, 3, 3)",
        "Conv2d(3, 8, 3, scale=0.1)"
      })
  void whatNoVersionPrintsIsRefused(String text) {
    refused(text);
  }

  /** Counts are {@code sum(p.numel() for p in model.parameters())} of PyTorch 2.13. */
  static Stream<Arguments> dressed() {
    return Stream.of(
        Arguments.of(
            """
            ParametrizedConv2d(
              3, 8, kernel_size=(3, 3), stride=(1, 1)
              (parametrizations): ModuleDict(
                (weight): ParametrizationList(
                  (0): _SpectralNorm()
                )
              )
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 8, 6, 6),
            224L),
        Arguments.of(
            """
            ParametrizedConv2d(
              3, 8, kernel_size=(3, 3), stride=(1, 1)
              (parametrizations): ModuleDict(
                (weight): ParametrizationList(
                  (0): _WeightNorm()
                )
              )
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 8, 6, 6),
            232L),
        Arguments.of(
            """
            ParametrizedConvTranspose2d(
              3, 8, kernel_size=(3, 3), stride=(1, 1)
              (parametrizations): ModuleDict(
                (weight): ParametrizationList(
                  (0): _WeightNorm()
                )
              )
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 8, 10, 10),
            227L),
        Arguments.of(
            """
            ParametrizedLinear(
              in_features=3, out_features=8, bias=True
              (parametrizations): ModuleDict(
                (weight): ParametrizationList(
                  (0): _WeightNorm()
                )
              )
            )""",
            new Shape(1, 3),
            new Shape(1, 8),
            40L),
        Arguments.of(
            """
            ParametrizedLinear(
              in_features=4, out_features=8, bias=True
              (parametrizations): ModuleDict(
                (weight): ParametrizationList(
                  (0): _Orthogonal()
                )
              )
            )""",
            new Shape(1, 4),
            new Shape(1, 8),
            40L),
        Arguments.of(
            """
            N(
              (quant): QuantStub()
              (conv): ConvReLU2d(
                (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
                (1): ReLU()
              )
              (bn): Identity()
              (relu): Identity()
              (pool): AdaptiveAvgPool2d(output_size=1)
              (fc): Linear(in_features=8, out_features=10, bias=True)
              (dequant): DeQuantStub()
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 10),
            314L),
        Arguments.of(
            """
            N(
              (quant): QuantStub(
                (activation_post_process): HistogramObserver(min_val=-2.3074827194213867, max_val=2.570784568786621)
              )
              (conv): ConvReLU2d(
                (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
                (1): ReLU()
                (activation_post_process): HistogramObserver(min_val=0.0, max_val=1.517120599746704)
              )
              (bn): Identity()
              (relu): Identity()
              (pool): AdaptiveAvgPool2d(output_size=1)
              (fc): Linear(
                in_features=8, out_features=10, bias=True
                (activation_post_process): HistogramObserver(min_val=-0.3553038239479065, max_val=0.16868121922016144)
              )
              (dequant): DeQuantStub()
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 10),
            314L),
        Arguments.of(
            """
            N(
              (quant): QuantStub(
                (activation_post_process): FusedMovingAvgObsFakeQuantize(
                  fake_quant_enabled=tensor([1]), observer_enabled=tensor([1]), scale=tensor([0.0450]), zero_point=tensor([64], dtype=torch.int32), dtype=torch.quint8, quant_min=0, quant_max=127, qscheme=torch.per_tensor_affine, reduce_range=True
                  (activation_post_process): MovingAverageMinMaxObserver(min_val=-2.869302272796631, max_val=2.8490021228790283)
                )
              )
              (conv): ConvBnReLU2d(
                3, 8, kernel_size=(3, 3), stride=(1, 1)
                (bn): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
                (weight_fake_quant): FusedMovingAvgObsFakeQuantize(
                  fake_quant_enabled=tensor([1]), observer_enabled=tensor([1]), scale=tensor([0.0015, 0.0015, 0.0015, 0.0015, 0.0015, 0.0015, 0.0015, 0.0014]), zero_point=tensor([0, 0, 0, 0, 0, 0, 0, 0], dtype=torch.int32), dtype=torch.qint8, quant_min=-128, quant_max=127, qscheme=torch.per_channel_symmetric, reduce_range=False
                  (activation_post_process): MovingAveragePerChannelMinMaxObserver(min_val=tensor([-0.1923, -0.1655, -0.1831, -0.1805, -0.1892, -0.1919, -0.1921, -0.1320]), max_val=tensor([0.1879, 0.1886, 0.1852, 0.1916, 0.1700, 0.1782, 0.1896, 0.1812]))
                )
                (activation_post_process): FusedMovingAvgObsFakeQuantize(
                  fake_quant_enabled=tensor([1]), observer_enabled=tensor([1]), scale=tensor([0.0226]), zero_point=tensor([0], dtype=torch.int32), dtype=torch.quint8, quant_min=0, quant_max=127, qscheme=torch.per_tensor_affine, reduce_range=True
                  (activation_post_process): MovingAverageMinMaxObserver(min_val=0.0, max_val=2.8671305179595947)
                )
              )
              (bn): Identity()
              (relu): Identity()
              (pool): AdaptiveAvgPool2d(output_size=1)
              (fc): Linear(
                in_features=8, out_features=10, bias=True
                (weight_fake_quant): FusedMovingAvgObsFakeQuantize(
                  fake_quant_enabled=tensor([1]), observer_enabled=tensor([1]), scale=tensor([0.0027, 0.0028, 0.0024, 0.0024, 0.0025, 0.0028, 0.0026, 0.0026, 0.0023,
                          0.0025]), zero_point=tensor([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], dtype=torch.int32), dtype=torch.qint8, quant_min=-128, quant_max=127, qscheme=torch.per_channel_symmetric, reduce_range=False
                  (activation_post_process): MovingAveragePerChannelMinMaxObserver(
                    min_val=tensor([-0.3015, -0.3152, -0.2267, -0.2060, -0.3165, -0.3531, -0.3188, -0.3298,
                            -0.2944, -0.3163]), max_val=tensor([0.3398, 0.3500, 0.3006, 0.3011, 0.0466, 0.2588, 0.3331, 0.1717, 0.1953,
                            0.2978])
                  )
                )
                (activation_post_process): FusedMovingAvgObsFakeQuantize(
                  fake_quant_enabled=tensor([1]), observer_enabled=tensor([1]), scale=tensor([0.0061]), zero_point=tensor([70], dtype=torch.int32), dtype=torch.quint8, quant_min=0, quant_max=127, qscheme=torch.per_tensor_affine, reduce_range=True
                  (activation_post_process): MovingAverageMinMaxObserver(min_val=-0.425917387008667, max_val=0.3477334678173065)
                )
              )
              (dequant): DeQuantStub()
            )""",
            new Shape(1, 3, 8, 8),
            new Shape(1, 10),
            330L),
        Arguments.of(
            """
            DataParallel(
              (module): Linear(in_features=3, out_features=4, bias=True)
            )""",
            new Shape(1, 3),
            new Shape(1, 4),
            16L),
        Arguments.of(
            """
            OptimizedModule(
              (_orig_mod): Linear(in_features=3, out_features=4, bias=True)
            )""",
            new Shape(1, 3),
            new Shape(1, 4),
            16L));
  }

  @ParameterizedTest
  @MethodSource("dressed")
  void layersUnderOtherNamesCountAsInPyTorch(String print, Shape input, Shape output, long count) {
    Graph graph = PyTorch.parse(print);
    assertEquals(output, Shapes.infer(graph, input).output());
    assertEquals(count, parameters(graph));
  }

  @Test
  void whatAPrintDoesNotShowOfWeightNormIsANote() {
    assertEquals(
        List.of("A print does not show the dim of weight_norm; 0, PyTorch's default, is taken."),
        notes(PyTorch.parse(weightNorm("_WeightNorm()"))));
    assertEquals(List.of(), notes(PyTorch.parse(weightNorm("_SpectralNorm()"))));
  }

  @Test
  void wrappersAreExact() {
    assertEquals(List.of(), PyTorch.parse("DataParallel((module): nn.ReLU())").notes());
    assertEquals(
        "module", PyTorch.parse("DataParallel((module): nn.ReLU())").nodes().get(0).path());
  }

  private static String weightNorm(String inner) {
    return "ParametrizedLinear(\n  in_features=3, out_features=8, bias=True\n"
        + "  (parametrizations): ModuleDict(\n    (weight): ParametrizationList(\n      (0): "
        + inner
        + "\n    )\n  )\n)";
  }

  @Test
  void aParametrizationThatIsNotKnownIsNamed() {
    assertEquals(
        """
        line 4, column 5: how many parameters weight has under Symmetric cannot be told from a print.
          (weight): ParametrizationList(
          ^
        Write Linear(...) without parametrizations where it has as many without them.""",
        refused(weightNorm("Symmetric()")).getMessage());
  }

  @Test
  void quantisedLayersAreThoseInFloats() {
    Graph graph =
        PyTorch.parse(
            "QuantizedConvReLU2d(3, 8, kernel_size=(3, 3), stride=(1, 1), scale=0.012, zero_point=0)");
    assertEquals(2, graph.nodes().size());
    assertEquals(224, parameters(graph));
    assertEquals(
        List.of(
            "PyTorch packs the weights of a quantised layer and counts no parameters for it; here"
                + " they are counted as those of the layer in floats, with a bias where its print"
                + " shows none."),
        notes(graph));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RecursiveScriptModule(original_name=Conv2d)",
        "Linear(original_name=Linear)",
        "Sequential(original_name=Sequential)"
      })
  void aScriptedModelsPrintHasNoNumbers(String text) {
    String message = refused(text).getMessage();
    assertEquals(
        "the print of a scripted or traced model shows the names of its layers without their"
            + " numbers.",
        message.lines().findFirst().orElseThrow().replaceFirst(".*?: ", ""));
    assertEquals(
        "Print the model before torch.jit.script or torch.jit.trace makes this of it.",
        message.lines().skip(3).findFirst().orElseThrow());
  }

  /** Prints of ptflops, DeepSpeed and fvcore. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conv2d(7.78 KMac, 96.500% MACs, 3, 8, kernel_size=(3, 3), stride=(1, 1))",
        "Conv2d(224, 100.000% Params, 7.78 KMac, 96.500% MACs, 3, 8, kernel_size=(3, 3), stride=(1, 1))",
        "Conv2d(224 = 100% Params, 7.78 KMACs = 96.5% MACs, 15.8 KFLOPS = 96.6% FLOPs, 3, 8, kernel_size=(3, 3))",
        "Conv2d(224, 100.00% Params, 7.78 KMACs, 100.00% MACs, 900.0 us, 88.2% latency, 17.9 MFLOPS, 3, 8, kernel_size=(3, 3))",
        "Conv2d(\n  3, 8, kernel_size=(3, 3), stride=(1, 1)\n  #params: 0.22K, #flops: 7.78K\n)",
      })
  void aProfilersFiguresAreTakenOff(String text) {
    assertEquals(PyTorch.parse("nn.Conv2d(3, 8, 3)").layer(), PyTorch.parse(text).layer());
  }

  @Test
  void aRemainderIsNoFigure() {
    refused("nn.MaxPool2d(17 % n, 2)");
    assertEquals(
        PyTorch.parse("nn.MaxPool2d(8, 2)").layer(),
        PyTorch.parse("nn.MaxPool2d(17 % 9, 2)").layer());
  }
}
