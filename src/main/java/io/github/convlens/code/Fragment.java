package io.github.convlens.code;

import java.util.List;

/** A piece of a network that becomes one Java expression, which makes a block. */
sealed interface Fragment {
  /** The same for two pieces exactly if their texts differ in numbers only. */
  String form();

  /** Appends its numbers and options, in the order of its text. */
  void collect(List<Template.Piece.Value> values, List<Template.Piece.Option> options);

  /**
   * A layer.
   *
   * @param type its type
   * @param template the expression
   * @param form the template's
   */
  record Layer(String type, Template template, String form) implements Fragment {
    Layer(String type, Template template) {
      this(type, template, template.form());
    }

    @Override
    public void collect(List<Template.Piece.Value> values, List<Template.Piece.Option> options) {
      template.collect(values, options);
    }
  }

  /**
   * Something in a row or a field.
   *
   * @param path its place in the network
   * @param shape what comes out of it
   * @param adder the method of a SequentialBlock that takes it
   * @param fragment what it is
   */
  record Item(String path, String shape, String adder, Fragment fragment) {
    /** Its name as seen from a block of the network. */
    String nameIn(String outer) {
      return path.equals(outer)
          ? ""
          : path.startsWith(outer + ".") ? path.substring(outer.length() + 1) : path;
    }
  }

  /** How a row is written. */
  enum Place {
    /** Where it stands, unless a method saves lines. */
    FREE,
    /** As a method: the one around it would become too long. */
    METHOD
  }

  /**
   * Blocks of which each reads the one before.
   *
   * @param type the class's name in PyTorch
   * @param path its place in the network
   * @param items the blocks
   * @param place how it is written
   * @param lines how many lines it is, written where it stands
   * @param form its own
   */
  record Row(String type, String path, List<Item> items, Place place, int lines, String form)
      implements Fragment {
    static Row of(String type, String path, List<Item> items, Place place) {
      StringBuilder form = new StringBuilder("row ").append(type).append('(');
      for (Item item : items) {
        form.append(item.nameIn(path)).append('=').append(item.fragment().form()).append(';');
      }
      int lines = items.stream().mapToInt(item -> linesOf(item.fragment())).sum();
      return new Row(type, path, List.copyOf(items), place, lines, form.append(')').toString());
    }

    static int linesOf(Fragment fragment) {
      return fragment instanceof Row row && row.place == Place.FREE ? row.lines : 1;
    }

    Row asMethod() {
      return new Row(type, path, items, Place.METHOD, lines, form);
    }

    @Override
    public void collect(List<Template.Piece.Value> values, List<Template.Piece.Option> options) {
      items.forEach(item -> item.fragment().collect(values, options));
    }
  }

  /**
   * An array in a forward.
   *
   * @param statement which statement makes it; -1 for the first input, -2 for the second, ...
   * @param output which of the statement's outputs
   */
  record Array(int statement, int output) {}

  /**
   * A line of a forward.
   *
   * @param field the place of the block that is called; -1: none
   * @param operations what is done with the arrays where no block is called
   * @param arguments the arrays
   * @param outputs how many arrays come out
   * @param shape what comes out
   */
  record Statement(
      int field, String operations, List<Array> arguments, int outputs, String shape) {}

  /**
   * Blocks that are called as a forward says.
   *
   * @param type the class's name in PyTorch
   * @param path its place in the network
   * @param inputs the names of the arrays that go in
   * @param fields the blocks
   * @param statements the calls
   * @param outputs the arrays that come out
   * @param form its own
   */
  record Forward(
      String type,
      String path,
      List<String> inputs,
      List<Item> fields,
      List<Statement> statements,
      List<Array> outputs,
      String form)
      implements Fragment {
    static Forward of(
        String type,
        String path,
        List<String> inputs,
        List<Item> fields,
        List<Statement> statements,
        List<Array> outputs) {
      StringBuilder form = new StringBuilder("class ").append(type).append('(');
      for (Item field : fields) {
        form.append(field.nameIn(path)).append('=').append(field.fragment().form()).append(';');
      }
      for (Statement each : statements) {
        form.append(each.field()).append(each.operations()).append(each.arguments());
      }
      return new Forward(
          type, path, inputs, fields, statements, outputs, form.append(outputs) + ")");
    }

    @Override
    public void collect(List<Template.Piece.Value> values, List<Template.Piece.Option> options) {
      fields.forEach(field -> field.fragment().collect(values, options));
    }
  }
}
