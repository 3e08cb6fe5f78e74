package io.github.convlens.graph;

import io.github.convlens.layer.internal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user must know about an answer. Notes of one kind are one note, however many places it
 * speaks of.
 *
 * @param kind an assumption or a completion, which {@code --strict} refuses, or another
 * @param text a sentence or two
 * @param remedy how to be exact where something was assumed; may be empty
 * @param paths the places that it speaks of; empty where it speaks of the whole
 */
public record Note(Kind kind, String text, String remedy, List<String> paths) {
  private static final int MOST_PATHS = 4;

  /** How much depends on it. */
  public enum Kind {
    /** Something was taken to be so that the input does not say: the answer may be wrong. */
    ASSUMPTION,
    /** The question was completed, so that what is answered may not be what was meant. */
    COMPLETION,
    /** Something worth knowing: the answer is right. */
    REMARK,
    /** The question is of sizes that PyTorch does not run: what it would make of them is told. */
    OTHER_SIZES
  }

  /** Takes a copy of the list. */
  public Note {
    paths = List.copyOf(paths);
  }

  /** One that has no remedy. */
  public Note(Kind kind, String text, List<String> paths) {
    this(kind, text, "", paths);
  }

  /** An assumption about one place, and how to be exact. */
  public static Note assumption(String text, String remedy, String path) {
    return new Note(Kind.ASSUMPTION, text, remedy, path.isEmpty() ? List.of() : List.of(path));
  }

  /** The same without how to be exact. */
  Note withoutRemedy() {
    return new Note(kind, text, paths);
  }

  /** Whether something was assumed, of the network or of the question. */
  public boolean isAssumption() {
    return kind == Kind.ASSUMPTION || kind == Kind.COMPLETION;
  }

  /** An assumption about one place. */
  public static Note assumption(String text, String path) {
    return new Note(Kind.ASSUMPTION, text, path.isEmpty() ? List.of() : List.of(path));
  }

  /** A remark about one place. */
  public static Note remark(String text, String path) {
    return new Note(Kind.REMARK, text, path.isEmpty() ? List.of() : List.of(path));
  }

  /** The notes with those of one text joined, in the order of their first. */
  public static List<Note> grouped(List<Note> notes) {
    if (notes.size() < 2) {
      return List.copyOf(notes);
    }
    Map<String, Note> byText = new LinkedHashMap<>();
    for (Note note : notes) {
      byText.merge(note.text + note.remedy, note, Note::joined);
    }
    return List.copyOf(byText.values());
  }

  private static Note joined(Note one, Note other) {
    List<String> paths = new ArrayList<>(one.paths);
    other.paths.stream().filter(path -> !one.paths.contains(path)).forEach(paths::add);
    return new Note(one.kind, one.text, one.remedy, paths);
  }

  /** {@code fc1, fc2: ...}: the first places, and the text. */
  @Override
  public String toString() {
    return Printable.message(shown());
  }

  private String shown() {
    String said = remedy.isEmpty() ? text : text + " " + remedy;
    if (paths.isEmpty()) {
      return said;
    }
    String shown = String.join(", ", paths.subList(0, Math.min(paths.size(), MOST_PATHS)));
    int more = paths.size() - MOST_PATHS;
    return shown + (more > 0 ? " and " + more + " more" : "") + ": " + said;
  }
}
