package io.github.convlens.notation;

import java.util.Set;

/** The head of a logger's line: time, level and name, in whatever order. */
final class LogHead {
  private static final Set<String> LEVELS =
      Set.of("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "TRACE", "NOTICE");

  private final Paste paste;

  LogHead(Paste paste) {
    this.paste = paste;
  }

  /** Time, level and name of a logger, in whatever order, in front of a line. */
  void read(int line, int depth) {
    int from = paste.first(line);
    int i = from;
    boolean strong = false;
    while (i < paste.end(line)) {
      int next = timeOrLevel(i, paste.end(line));
      strong |= next > i;
      if (next == i && strong) {
        next = loggerName(i, paste.end(line));
      }
      if (next == i) {
        break;
      }
      i = skipSigns(next, paste.end(line));
    }
    if (strong && (depth == 0 || i < paste.end(line))) {
      paste.blank(from, i);
    }
  }

  private int skipSigns(int from, int end) {
    int i = from;
    while (i < end && (" \t:|]>-\u2502".indexOf(paste.at(i)) >= 0)) {
      i++;
    }
    return i;
  }

  private int timeOrLevel(int i, int end) {
    int time = timeEnd(i);
    if (time > i) {
      return time;
    }
    if (paste.at(i) == '[') {
      return bracketEnd(i, end);
    }
    int word = i;
    while (paste.at(word) >= 'A' && paste.at(word) <= 'Z') {
      word++;
    }
    boolean level = LEVELS.contains(paste.text(i, word));
    if (level && " :|]-\n\r\t".indexOf(paste.at(word)) >= 0) {
      return word;
    }
    return glogEnd(i);
  }

  /** {@code I0605 13:54:43.123456 12345 train.py:10]}: the head of glog and absl. */
  private int glogEnd(int i) {
    if ("IWEF".indexOf(paste.at(i)) < 0
        || paste.digitsEnd(i + 1) != i + 5
        || paste.at(i + 5) != ' ') {
      return i;
    }
    int time = timeEnd(i + 6);
    return time > i + 6 ? time : i;
  }

  /** A date, a time, or both. */
  private int timeEnd(int from) {
    int date = dateEnd(from);
    int i = date > from && (paste.at(date) == ' ' || paste.at(date) == 'T') ? date + 1 : from;
    int time = clockEnd(i);
    if (time > i) {
      return time;
    }
    boolean whole = date > from && paste.digitsEnd(from) == from + 4;
    return whole ? date : from;
  }

  private int dateEnd(int from) {
    int i = paste.digitsEnd(from);
    char sign = paste.at(i);
    if ((i - from != 2 && i - from != 4) || (sign != '-' && sign != '/' && sign != '.')) {
      return from;
    }
    int second = paste.digitsEnd(i + 1);
    if (second - i != 3) {
      return from;
    }
    int third = paste.at(second) == sign ? paste.digitsEnd(second + 1) : second;
    return third > second + 1 ? third : i - from == 2 ? second : from;
  }

  private int clockEnd(int from) {
    int i = paste.digitsEnd(from);
    if (i == from || i - from > 2 || paste.at(i) != ':' || paste.digitsEnd(i + 1) != i + 3) {
      return from;
    }
    i += 3;
    if (paste.at(i) != ':' || paste.digitsEnd(i + 1) != i + 3) {
      return from;
    }
    i += 3;
    if ((paste.at(i) == '.' || paste.at(i) == ',') && Source.isDigit(paste.at(i + 1))) {
      i = paste.digitsEnd(i + 1);
    }
    if (paste.at(i) == 'Z') {
      i++;
    } else if (paste.at(i) == '+' && Source.isDigit(paste.at(i + 1))) {
      i = paste.digitsEnd(i + 1);
      i = paste.at(i) == ':' ? paste.digitsEnd(i + 1) : i;
    }
    return i;
  }

  /** {@code [INFO]}, {@code [02/10 16:09:27 d2]}: words or a time, no list of numbers. */
  private int bracketEnd(int open, int end) {
    boolean word = false;
    boolean colon = false;
    boolean list = false;
    for (int i = open + 1; i < end; i++) {
      char c = paste.at(i);
      if (c == ']') {
        char next = paste.at(i + 1);
        boolean head = word && (!list || colon) && " :|-[\n\r\t".indexOf(next) >= 0;
        return head ? i + 1 : open;
      }
      if ("(['\"=*".indexOf(c) >= 0) {
        return open;
      }
      word |= Source.isWord(c) && (colon || !Source.isDigit(c) || paste.at(i + 1) == ']');
      colon |= c == ':';
      list |= c == ',';
    }
    return open;
  }

  /** A dotted name, a file with its line, a number of a process: what a sign ends. */
  private int loggerName(int from, int end) {
    int i = from;
    while (i < end && (Source.isWord(paste.at(i)) || ".<>/".indexOf(paste.at(i)) >= 0)) {
      i++;
    }
    if (i == from || paste.at(i) == '(') {
      return from;
    }
    int behind = paste.skipBlank(i, end);
    boolean number = paste.digitsEnd(from) == i;
    boolean sign = behind < end && ":|]".indexOf(paste.at(behind)) >= 0;
    boolean dash = behind > i && paste.at(behind) == '-' && paste.at(behind + 1) == ' ';
    return sign || dash || (number && behind > i) ? i : from;
  }
}
