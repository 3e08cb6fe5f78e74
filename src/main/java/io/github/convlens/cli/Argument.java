package io.github.convlens.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * An option or a parameter of a command, and the value that it has once the command line is read.
 *
 * @param <T> the type of the value
 */
final class Argument<T> implements Arguments {
  private final ArgSpec spec;

  private Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** An option, which its builder describes. */
  static Builder option(String... names) {
    return new Builder(names);
  }

  /** A parameter that must be given, the one at an index from 0. */
  static Argument<String> parameter(int index, String label, String description) {
    return new Argument<>(
        PositionalParamSpec.builder()
            .index(String.valueOf(index))
            .required(true)
            .paramLabel(label)
            .description(description)
            .build());
  }

  /**
   * The only parameter of a command, which may be left out.
   *
   * @param candidates words that a shell may complete; null where there are none
   */
  static Argument<String> parameter(
      String label, @Nullable Iterable<String> candidates, String description) {
    return new Argument<>(
        PositionalParamSpec.builder()
            .arity("0..1")
            .paramLabel(label)
            .completionCandidates(candidates)
            .description(description)
            .build());
  }

  /** All parameters of a command; there may be none. */
  static Argument<List<String>> parameters(
      String label, Iterable<String> candidates, String description) {
    return new Argument<>(
        PositionalParamSpec.builder()
            .type(List.class)
            .auxiliaryTypes(String.class)
            .initialValue(List.of())
            .index("0..*")
            .arity("0..*")
            .paramLabel(label)
            .completionCandidates(candidates)
            .description(description)
            .build());
  }

  /** What picocli knows of it. */
  ArgSpec spec() {
    return spec;
  }

  @Override
  public void addTo(CommandSpec command) {
    command.add(spec);
  }

  /** Whether it has a value, as flags, lists and options with a default always have. */
  boolean hasValue() {
    return orNull() != null;
  }

  /** The value of one that has a value. */
  T value() {
    return Objects.requireNonNull(orNull());
  }

  /** The value, or another one if it was not given. */
  T orElse(T other) {
    return Objects.requireNonNullElse(orNull(), other);
  }

  /** The value; null if it was not given. */
  @Nullable T orNull() {
    return spec.getValue();
  }

  /** Says all about an option but the type of its value, which its last method says. */
  static final class Builder {
    private final OptionSpec.Builder spec;

    private Builder(String... names) {
      spec = OptionSpec.builder(names);
    }

    /** What the help says. */
    Builder says(String... description) {
      spec.description(description);
      return this;
    }

    /** It must be given. */
    Builder required() {
      spec.required(true);
      return this;
    }

    /** The help is silent about it. */
    Builder hidden() {
      spec.hidden(true);
      return this;
    }

    /** All commands below have it, too. */
    Builder inherited() {
      spec.scopeType(ScopeType.INHERIT);
      return this;
    }

    /** The word that stands for one that is not given. */
    Builder byDefault(String word) {
      spec.defaultValue(word);
      return this;
    }

    /** Words that a shell may complete. */
    Builder completedBy(Iterable<String> candidates) {
      spec.completionCandidates(candidates);
      return this;
    }

    /** An option without a word behind it. */
    Argument<Boolean> flag() {
      return new Argument<>(spec.type(boolean.class).initialValue(false).build());
    }

    /** Its value is the word itself. */
    Argument<String> text(String label) {
      return new Argument<>(spec.type(String.class).paramLabel(label).build());
    }

    /** A whole number of 32 bits. */
    Argument<Integer> integer() {
      return new Argument<>(spec.type(Integer.class).paramLabel("N").build());
    }

    /** A whole number of 64 bits. */
    Argument<Long> number() {
      return new Argument<>(spec.type(Long.class).paramLabel("N").build());
    }

    /** Whole numbers, with commas between them; none if it is not given. */
    Argument<List<Integer>> integers() {
      return new Argument<>(several(Integer.class).splitRegex(",").paramLabel("N").build());
    }

    /** What a word means. */
    <T> Argument<T> read(String label, Class<T> type, ITypeConverter<? extends T> reader) {
      return new Argument<>(spec.type(type).converters(reader).paramLabel(label).build());
    }

    /** What words mean, where it may be given several times; none if it is not given. */
    <T> Argument<List<T>> readAll(String label, Class<T> type, ITypeConverter<T> reader) {
      return new Argument<>(several(type).converters(reader).paramLabel(label).build());
    }

    /** One of a few words, which a shell completes. */
    <T, C extends ITypeConverter<T> & Iterable<String>> Argument<T> choice(
        String label, Class<T> type, C choice) {
      return completedBy(choice).read(label, type, choice);
    }

    /** Words, where it may be given several times; none if it is not given. */
    Argument<List<String>> texts(String label) {
      return new Argument<>(several(String.class).paramLabel(label).build());
    }

    private OptionSpec.Builder several(Class<?> type) {
      return spec.type(List.class).auxiliaryTypes(type).initialValue(List.of());
    }
  }
}
