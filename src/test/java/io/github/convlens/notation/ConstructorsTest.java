package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.convlens.graph.Graph;
import io.github.convlens.graph.Shapes;
import io.github.convlens.layer.ShapeException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments at the edge of what PyTorch takes: what it refuses is refused, and nothing else. */
class ConstructorsTest {
  @TestFactory
  Stream<DynamicTest> answersAsPyTorchDoes() {
    return Oracle.table("constructors.tsv").stream()
        .map(row -> DynamicTest.dynamicTest(row[1], () -> check(row[0], row[1], row[2])));
  }

  private static void check(String input, String layer, String output) {
    assertEquals(output, answer(input, layer));
  }

  private static String answer(String input, String layer) {
    try {
      Graph graph = PyTorch.parse(layer);
      return InputSize.of(Shapes.infer(graph, Oracle.shape(input)).output()).toString();
    } catch (NotationException | ShapeException e) {
      return "refused";
    }
  }

  private static String refusal(String layer) {
    return assertThrows(NotationException.class, () -> PyTorch.parse(layer)).getMessage();
  }

  @Test
  void aTypeThatIsNoneIsNamed() {
    assertEquals(
        """
        line 1, column 23: torch has no type float33.
          nn.Linear(3, 4, dtype=torch.float33)
                                ^
        Did you mean torch.float32? Use torch.float32, torch.float64, torch.float16 or torch.bfloat16.\
        """,
        refusal("nn.Linear(3, 4, dtype=torch.float33)"));
  }

  @Test
  void parametersAreFloatingNumbers() {
    assertEquals(
        """
        line 1, column 23: parameters are learned, and numbers of type torch.int64 cannot be.
          nn.Linear(3, 4, dtype=torch.int64)
                                ^
        Use torch.float32, torch.float64, torch.float16 or torch.bfloat16.\
        """,
        refusal("nn.Linear(3, 4, dtype=torch.int64)"));
  }

  @Test
  void aTextIsNoType() {
    assertEquals(
        """
        line 1, column 23: dtype takes a type of torch, not the text 'float32'.
          nn.Linear(3, 4, dtype='float32')
                                ^
        Write dtype=torch.float32.\
        """,
        refusal("nn.Linear(3, 4, dtype='float32')"));
  }

  @Test
  void aDeviceThatIsNoneIsNamed() {
    assertEquals(
        """
        line 1, column 24: there is no device like the text 'gpu'.
          nn.Linear(3, 4, device='gpu')
                                 ^
        Use 'cpu', 'cuda', 'cuda:0', 'mps' or 'meta'.\
        """,
        refusal("nn.Linear(3, 4, device='gpu')"));
  }

  /** Other machines have other devices, and variables may hold anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "device='cuda:1'",
        "device=0",
        "device=torch.device('cuda', 0)",
        "device=device",
        "device=None, dtype=None",
        "dtype=dtype",
        "dtype=float"
      })
  void whatMayBeIsTaken(String arguments) {
    assertEquals("1x4", answer("1x3", "nn.Linear(3, 4, " + arguments + ")"));
  }

  @Test
  void aBatchNormalisationHasNoNegativeEps() {
    assertEquals(
        """
        line 1, column 1: eps must not be negative.
        Here it is -1.0, and PyTorch's batch normalisation refuses to run.
        Use eps=1e-05.
          nn.BatchNorm2d(3, eps=-1)
          ^\
        """,
        refusal("nn.BatchNorm2d(3, eps=-1)"));
  }

  @Test
  void theRangeOfSlopesIsOne() {
    assertEquals(
        """
        line 1, column 1: lower of RReLU must not be above upper.
        Here there is 0.5 and 0.1.
        Use lower=0.125, upper=0.333.
          nn.RReLU(0.5, 0.1)
          ^\
        """,
        refusal("nn.RReLU(0.5, 0.1)"));
  }

  @Test
  void namesHaveNoDots() {
    assertEquals(
        """
        line 1, column 29: a layer's name has no dot, which parts the names of a path.
          nn.Sequential(OrderedDict([('a.b', nn.ReLU())]))
                                      ^
        Use a name such as conv1.\
        """,
        refusal("nn.Sequential(OrderedDict([('a.b', nn.ReLU())]))"));
  }

  /** Numbers without a literal in Python are read back as they are printed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.BatchNorm2d(4, eps=float('inf'))",
        "nn.BatchNorm2d(4, eps=1e400, momentum=nan)",
        "nn.Threshold(-math.inf, float('nan'))",
        "nn.Hardtanh(-torch.inf, np.inf)",
        "nn.ConstantPad2d(1, float('-inf'))",
        "nn.ConstantPad2d(1, 5e-324)",
        "nn.LocalResponseNorm(2, alpha=inf, beta=nan, k=-inf)",
        "nn.LPPool2d(inf, 2)"
      })
  void numbersWithoutALiteralAreReadBack(String layer) {
    Graph graph = PyTorch.parse(layer);
    assertEquals(graph, PyTorch.parse(graph.toString()));
  }
}
