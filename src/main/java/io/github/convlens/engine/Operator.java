package io.github.convlens.engine;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.convlens.engine.TorchScript.Recording;
import io.github.convlens.engine.internal.NativeLibrary;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's own operators on DJL's arrays: whatever libtorch can compute, with its gradients, on
 * the arrays' device and in their number type. It is written in TorchScript and compiled when it is
 * made, in some milliseconds; a call takes some microseconds more than one of DJL's own methods.
 *
 * <pre>{@code
 * Operator mish = Operator.of("torch.mish(x)", "x");
 * NDArray y = mish.apply(x);
 *
 * Operator up = Operator.of("torch.conv_transpose2d(x, w, b, [2, 2])", "x", "w", "b");
 * NDArray larger = up.apply(pictures, weight, bias);
 * }</pre>
 *
 * <p>Equal texts are compiled once, as long as they are among the last 512. Threads may share an
 * operator; its native memory is freed when nothing holds it any more.
 */
public final class Operator {
  /** How many stay compiled, of those that were asked for last. */
  private static final int KEPT = 512;

  private static final Map<Function, Operator> COMPILED =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Function, Operator> eldest) {
              return size() > KEPT;
            }
          });

  private final Function function;
  private final TorchScript script;

  private Operator(Function function) {
    this.function = function;
    script = TorchScript.compile(function.text(), Recording.ON, e -> refused(function, e));
  }

  private static IllegalArgumentException refused(Function function, Exception e) {
    return new IllegalArgumentException(
        "the engine's PyTorch "
            + NativeLibrary.jniVersion().orElse("?").replaceAll("-.*", "")
            + " does not take "
            + String.join(", ", function.results)
            + ":\n"
            + String.valueOf(e.getMessage()).strip(),
        e);
  }

  /**
   * A function in TorchScript.
   *
   * @param arguments the names of the arrays that it takes, at least one
   * @param statements its lines; they assign names
   * @param results the expressions that it gives back, at least one
   */
  record Function(List<String> arguments, List<String> statements, List<String> results) {
    /** The class {@code Program} whose {@code forward} it is. */
    String text() {
      String given =
          arguments.stream().map(name -> ",\n    " + name + ": Tensor").collect(joining());
      String lines = statements.stream().map(line -> "    " + line + "\n").collect(joining());
      String all = String.join(", ", results);
      boolean one = results.size() == 1;
      return "class Program(Module):\n"
          + "  __parameters__ = []\n"
          + "  __buffers__ = []\n"
          + ("  def forward(self: __torch__.Program" + given + ") -> ")
          + (one ? "Tensor" : tuple(Collections.nCopies(results.size(), "Tensor")))
          + (":\n" + lines + "    return " + (one ? all : "(" + all + ")") + "\n");
    }

    private static String tuple(List<String> types) {
      return "Tuple[" + String.join(", ", types) + "]";
    }
  }

  /**
   * The operator of an expression whose value is one array.
   *
   * @param expression TorchScript: {@code torch.NAME(...)} with the arguments of PyTorch's {@code
   *     native_functions.yaml}, with constants and the names
   * @param arguments the names of the arrays that it takes, in the order in which they are given
   * @throws IllegalArgumentException if there is no name, or PyTorch does not take the expression,
   *     with its reason
   */
  public static Operator of(String expression, String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException(
          "an operator takes at least one array.\nHere are no names.\n"
              + "Name what it takes: Operator.of(\"torch.relu(x)\", \"x\").");
    }
    return of(new Function(List.of(arguments), List.of(), List.of(expression)));
  }

  /** The operator of a function, compiled unless one of the same text is there. */
  static Operator of(Function function) {
    Operator known = COMPILED.get(function);
    if (known != null) {
      return known;
    }
    Operator compiled = new Operator(function);
    COMPILED.put(function, compiled);
    return compiled;
  }

  /**
   * Calls it. Gradients pass it where the caller records them. No array is changed, unless the
   * expression does so.
   *
   * @param arrays one for each name, all on one device
   * @return an array that belongs to the manager of the first one given
   * @throws IllegalArgumentException if there are not as many arrays as names
   */
  public NDArray apply(NDArray... arrays) {
    return run(new NDList(Arrays.asList(arrays))).head();
  }

  /** The same with several results. */
  NDList run(NDList arrays) {
    if (arrays.size() != function.arguments.size()) {
      throw new IllegalArgumentException(
          "the operator takes the arrays "
              + String.join(", ", function.arguments)
              + ".\nHere there "
              + (arrays.size() == 1 ? "is 1.\n" : "are " + arrays.size() + ".\n")
              + "Give it one for each name.");
    }
    return script.run(arrays, Recording.ON);
  }
}
