package io.github.convlens.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One note for all places of which the same is to be said, and names that need quotes. */
class NoteTest {
  @Test
  void placesOfOneNote() {
    Note a = Note.assumption("it is guessed.", "a");
    Note b = Note.assumption("it is guessed.", "b");
    Note other = Note.assumption("it is guessed.", "Say so.", "a");
    assertEquals(
        List.of("a, b: it is guessed.", "a: it is guessed. Say so."),
        Note.grouped(List.of(a, b, a, other)).stream().map(Note::toString).toList());
  }

  @Test
  void fourPlacesAreNamed() {
    assertEquals("a, b, c, d: it is slow.", note("a", "b", "c", "d").toString());
    assertEquals("a, b, c, d and 1 more: it is slow.", note("a", "b", "c", "d", "e").toString());
    assertEquals("it is slow.", note().toString());
  }

  private static Note note(String... paths) {
    return new Note(Note.Kind.REMARK, "it is slow.", List.of(paths));
  }

  @Test
  void namesWithMarksAreQuoted() {
    List<Tree> children =
        List.of(
            new Tree("ReLU", "a", List.of()),
            new Tree("ReLU", "(b", List.of()),
            new Tree("ReLU", "c'", List.of()),
            new Tree("ReLU", "d\"", List.of()));
    assertEquals(
        """
        Net(
          (a): ReLU()
          ('(b'): ReLU()
          ('c\\''): ReLU()
          ('d"'): ReLU()
        )\
        """,
        new Tree("Net", "", children).print(leaf -> leaf.type() + "()"));
  }
}
