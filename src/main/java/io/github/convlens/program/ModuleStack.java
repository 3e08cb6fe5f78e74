package io.github.convlens.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a call stands: the modules whose {@code forward} calls it, as a file has them: {@code
 * L__self__,,main.Net;L__self__c.0,c.0,torch.nn.modules.conv.Conv2d}.
 *
 * @param modules their classes by their paths, outermost first
 */
record ModuleStack(Map<String, String> modules) {

  static ModuleStack parse(@Nullable Json stack) {
    Map<String, String> modules = new LinkedHashMap<>();
    if (stack != null) {
      for (String level : stack.text().split(";", -1)) {
        List<String> parts = parts(level);
        // What PyTorch itself puts in has a made-up stack.
        if (parts.size() == 3 && !parts.get(0).equals(parts.get(1))) {
          modules.put(normal(parts.get(1)), parts.get(2));
        }
      }
    }
    return new ModuleStack(modules);
  }

  /** The innermost module's path. */
  Optional<String> path() {
    return last(List.copyOf(modules.keySet()));
  }

  /** Its class. */
  Optional<String> type() {
    return last(List.copyOf(modules.values()));
  }

  private static Optional<String> last(List<String> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Divides at commas that are not in brackets: a path may be {@code getattr(L__self__, '0')}. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** A module that runs again is {@code conv@1} there. */
  private static String normal(String path) {
    int again = path.lastIndexOf('@');
    return again < 0 ? path : path.substring(0, again);
  }
}
