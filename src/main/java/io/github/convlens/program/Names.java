package io.github.convlens.program;

import io.github.convlens.graph.Tree;
import io.github.convlens.layer.ConvSpec;
import io.github.convlens.layer.ConvTransposeSpec;
import io.github.convlens.layer.EmbeddingSpec;
import io.github.convlens.layer.LayerSpec;
import io.github.convlens.layer.LearnedSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which module a call is, and the tree of the modules' names. */
final class Names {
  private Names() {}

  /**
   * {@code layer1.0.conv1} of {@code layer1.0.conv1.weight}; the name itself where it has no dot.
   */
  static String owner(String parameter) {
    int dot = parameter.lastIndexOf('.');
    return dot < 0 ? parameter : parameter.substring(0, dot);
  }

  /**
   * The path of the module that a call is; null where it is a function. A module calls its own
   * weight and bias; one without is told by its class.
   */
  static @Nullable String module(
      Map<String, Program.Input> inputs, Call call, List<Operand> operands, LayerSpec layer) {
    Set<String> owners = new LinkedHashSet<>();
    boolean plain = !(layer instanceof LearnedSpec) && !(layer instanceof RecordedSpec);
    for (Operand operand : operands) {
      Optional<Program.Input> input = Optional.ofNullable(inputs.get(operand.name()));
      boolean own = input.isPresent() && input.get().kind() != Program.Input.Kind.USER;
      if (own && input.get().kind() != Program.Input.Kind.CONSTANT) {
        String target = input.get().target().orElse("");
        owners.add(target.indexOf('.') < 0 ? "" : owner(target));
        plain &= isUsual(target, layer);
      }
    }
    if (!owners.isEmpty()) {
      String only = owners.iterator().next();
      return plain && owners.size() == 1 ? only : null;
    }
    boolean isClass =
        call.moduleClass().filter(type -> simple(type).equals(layer.type())).isPresent();
    return isClass ? call.module().orElse(null) : null;
  }

  /** What PyTorch's own modules call their parameters. */
  private static boolean isUsual(String target, LayerSpec layer) {
    String name = target.substring(target.lastIndexOf('.') + 1);
    boolean simple =
        name.equals("weight")
            || name.equals("bias")
            || name.startsWith("running_")
            || name.startsWith("weight_")
            || name.startsWith("bias_");
    boolean kernels =
        layer instanceof ConvSpec
            || layer instanceof ConvTransposeSpec
            || layer instanceof EmbeddingSpec;
    return simple || kernels;
  }

  /** {@code Conv2d} of {@code torch.nn.modules.conv.Conv2d}. */
  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private record Named(String type, Map<String, Named> children) {}

  /** The tree over these modules; a block's class is that of the program, where it is told. */
  static Tree tree(Map<String, LayerSpec> modules, Map<String, String> classes) {
    Named root = new Named(type("", classes), new LinkedHashMap<>());
    modules.forEach(
        (path, layer) -> {
          Named at = root;
          int from = 0;
          while (from <= path.length()) {
            int dot = path.indexOf('.', from);
            int end = dot < 0 ? path.length() : dot;
            String inner = path.substring(0, end);
            String type = dot < 0 ? layer.type() : type(inner, classes);
            at =
                at.children()
                    .computeIfAbsent(
                        path.substring(from, end), name -> new Named(type, new LinkedHashMap<>()));
            from = end + 1;
          }
        });
    return tree("", root);
  }

  private static String type(String path, Map<String, String> classes) {
    String type = classes.get(path);
    return type == null ? "Module" : simple(type);
  }

  private static Tree tree(String path, Named named) {
    List<Tree> children = new ArrayList<>();
    named.children().forEach((name, child) -> children.add(tree(Tree.join(path, name), child)));
    return new Tree(named.type(), path, children);
  }
}
