package io.github.convlens.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Passes on what standard error is told, and keeps the notes. */
final class HeardNotes extends FilterWriter {
  private static final String NOTE = "note: ";

  private final StringBuilder text = new StringBuilder();

  HeardNotes(Writer err) {
    super(err);
  }

  @Override
  public void write(int character) throws IOException {
    super.write(character);
    text.append((char) character);
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    super.write(characters, offset, length);
    text.append(characters, offset, length);
  }

  @Override
  public void write(String characters, int offset, int length) throws IOException {
    super.write(characters, offset, length);
    text.append(characters, offset, offset + length);
  }

  /** The notes, each with all of its lines; not those that say how far something is. */
  List<String> heard() {
    List<String> notes = new ArrayList<>();
    for (String note : text.toString().split("(?m)^(?=" + NOTE + ")", -1)) {
      if (note.startsWith(NOTE) && !note.stripTrailing().endsWith(" ...")) {
        notes.add(note.substring(NOTE.length()).stripTrailing());
      }
    }
    return notes;
  }
}
