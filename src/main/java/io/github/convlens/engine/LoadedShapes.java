package io.github.convlens.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.convlens.layer.internal.ShapeText;
import java.util.Map;

/** DJL takes the parameters of a file one after the other, whatever their shapes. */
final class LoadedShapes {
  private LoadedShapes() {}

  /**
   * Holds what was loaded against what must be there.
   *
   * @param wanted the shapes, by PyTorch's names
   * @param loaded the parameters, by the same names
   * @throws MalformedModelException if one has another shape; then all are empty
   */
  static void check(Map<String, Shape> wanted, Map<String, Parameter> loaded)
      throws MalformedModelException {
    for (Map.Entry<String, Shape> each : wanted.entrySet()) {
      Parameter parameter = loaded.get(each.getKey());
      if (parameter == null) {
        continue; // a counter, which no block holds
      }
      Shape shape = each.getValue();
      Shape found = parameter.getArray().getShape();
      if (!found.equals(shape)) {
        loaded.values().forEach(Parameter::close);
        throw new MalformedModelException(
            "the file holds the parameters of another network.\n"
                + each.getKey()
                + " is "
                + ShapeText.listed(shape)
                + " here and "
                + ShapeText.listed(found)
                + " in the file.\nLoad the file that was saved from this network; the block holds"
                + " no weights now.");
      }
    }
  }
}
