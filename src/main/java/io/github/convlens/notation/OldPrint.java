package io.github.convlens.notation;

import io.github.convlens.graph.Note;
import io.github.convlens.notation.Value.Constant;
import io.github.convlens.notation.Value.Tuple;
import io.github.convlens.notation.Value.Whole;
import java.util.ArrayList;
import java.util.List;

/** What {@code print(model)} showed otherwise in PyTorch 0.1 to 1.1. */
final class OldPrint {
  /** {@code Linear (800 -> 500)} has a bias or none. */
  private static final Note BIAS =
      new Note(
          Note.Kind.ASSUMPTION,
          "PyTorch 0.2 prints Linear (in -> out) without its bias; one is taken to be there.",
          List.of());

  /** {@code MaxPool2d (size=(2, 2), stride=(2, 2), dilation=(1, 1))} rounds up or down. */
  private static final Note ROUNDING =
      new Note(
          Note.Kind.ASSUMPTION,
          "PyTorch 0.2 prints a pool without its ceil_mode; False is taken.",
          List.of());

  private OldPrint() {}

  /** What such a print does not show of a layer. */
  static List<Note> hidden(Arguments arguments) {
    if (arguments.leavesOut("ceil_mode")) {
      return List.of(ROUNDING);
    }
    return arguments.leavesOut("bias") ? List.of(BIAS) : List.of();
  }

  /** {@code ReLU(inplace)}: a switch that is on is printed as its name. */
  static boolean isSwitch(Lexer lexer, Signature signature) {
    return lexer.atName("inplace")
        && signature.indexOf("inplace") >= 0
        && !lexer.followedBy('=')
        && !lexer.followedBy('(');
  }

  /** Goes over the arrow of {@code Linear (800 -> 500)}. */
  static boolean skipArrow(Lexer lexer, Signature signature) {
    if (!lexer.at('-') || !lexer.followedBy('>') || !signature.type().equals("Linear")) {
      return false;
    }
    lexer.advance();
    lexer.advance();
    return true;
  }

  /** A pool's {@code size} is its kernel. */
  static boolean isKernel(Signature signature, String name) {
    return name.equals("size") && signature.type().contains("Pool");
  }

  /** A ZeroPad's {@code value}, which is 0. */
  static boolean isPadValue(Signature signature, String name, Value value) {
    boolean zero =
        (value instanceof Whole whole && whole.value() == 0)
            || (value instanceof Value.Decimal decimal && decimal.value() == 0);
    return zero && name.equals("value") && signature.type().startsWith("ZeroPad");
  }

  /** {@code ReflectionPad2d (3, 3, 3, 3)}: the name, a blank, and the tuple of the sides. */
  static boolean isSides(Lexer lexer, Signature signature) {
    return signature.names().size() == 1
        && signature.names().get(0).equals("padding")
        && lexer.start > 0
        && lexer.source.text().charAt(lexer.start - 1) == ' ';
  }

  /** A tuple of the values; one value alone is itself. */
  static Value together(List<Value> values) {
    return values.size() == 1 ? values.get(0) : new Tuple(new ArrayList<>(values));
  }

  /** What is printed in place of a switch's name. */
  static Value on() {
    return Constant.TRUE;
  }
}
