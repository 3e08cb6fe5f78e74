package io.github.convlens.program;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What a call is given. In text each is as Python writes it. */
public sealed interface Argument {
  /** None. */
  Argument NONE = new None();

  /** A value of the program, by its name: an array, or a size. */
  record Reference(String name) implements Argument {
    @Override
    public String toString() {
      return name;
    }
  }

  /** {@code None}. */
  record None() implements Argument {
    @Override
    public String toString() {
      return "None";
    }
  }

  /** A whole number. */
  record Whole(long value) implements Argument {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** A number with a fraction, {@code inf} and {@code nan} among them. */
  record Real(double value) implements Argument {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  /** {@code True} or {@code False}. */
  record Truth(boolean value) implements Argument {
    @Override
    public String toString() {
      return value ? "True" : "False";
    }
  }

  /** A string. */
  record Text(String value) implements Argument {
    @Override
    public String toString() {
      return "'" + value + "'";
    }
  }

  /** A type of elements. */
  record Type(ScalarType value) implements Argument {
    @Override
    public String toString() {
      return "torch." + value;
    }
  }

  /** How an array lies in memory: {@code strided}, and else a sparse one. */
  record Layout(String name) implements Argument {
    @Override
    public String toString() {
      return "torch." + name;
    }
  }

  /** In which order an array lies in memory. */
  enum MemoryFormat implements Argument {
    /** Row after row. */
    CONTIGUOUS("contiguous_format", 0, 1),
    /** As the input does. */
    PRESERVE("preserve_format", 1, 4),
    /** Channels last. */
    CHANNELS_LAST("channels_last", 2, 2),
    /** Channels last, for volumes. */
    CHANNELS_LAST_3D("channels_last_3d", 3, 3);

    private final String torchName;
    private final int number;
    private final int numberInFile;

    MemoryFormat(String torchName, int number, int numberInFile) {
      this.torchName = torchName;
      this.number = number;
      this.numberInFile = numberInFile;
    }

    /** PyTorch's name. */
    public String torchName() {
      return torchName;
    }

    /** libtorch's number, which operators take. */
    public int number() {
      return number;
    }

    /** The number that a {@code .pt2} file has for it. */
    int numberInFile() {
      return numberInFile;
    }

    @Override
    public String toString() {
      return "torch." + torchName;
    }
  }

  /** Where an array lives: {@code cpu}, {@code cuda}, {@code meta}. */
  record Device(String type, OptionalInt index) implements Argument {
    @Override
    public String toString() {
      return "device(type='" + type + "')";
    }
  }

  /** Several. */
  record Items(List<Argument> items) implements Argument {
    /** Takes a copy of the list. */
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return items.stream().map(Argument::toString).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** How an argument is passed. */
  enum Passing {
    /** By its place; it is as many as there are before it. */
    BY_PLACE,
    /** By its name. */
    BY_NAME
  }

  /**
   * An argument of a call.
   *
   * @param name its name in the operator's schema; empty where a print does not show it
   * @param value what is given
   * @param passing by place or by name
   */
  record Named(String name, Argument value, Passing passing) {}
}
