package io.github.convlens.engine.internal;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who can change what a path leads to. Code must not be loaded from where another user can put it:
 * every folder on the way, links included, has to belong to this user or to root, and nobody else
 * may write to it. A folder in which everyone may delete only what is their own, as {@code /tmp},
 * may be on the way. Where files have no Unix owner (Windows), nothing is looked at.
 */
final class Ownership {
  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final int ROOT = 0;
  private static final int LINK = 0120000;
  private static final int KIND = 0170000;
  private static final int STICKY = 01000;
  private static final int GROUP_WRITES = 020;
  private static final int OTHERS_WRITE = 02;
  private static final int MOST_LINKS = 40; // as Linux

  private Ownership() {}

  /** This user's number, or the name where users have none: the part of a path that is theirs. */
  static String user() {
    return UNIX ? Long.toString(userNumber()) : System.getProperty("user.name", "user");
  }

  private static long userNumber() {
    return new UnixSystem().getUid();
  }

  /**
   * What others could do to a file or folder; nothing if they can do nothing, or if it is not there
   * and could only be made by this user.
   *
   * @param path need not exist
   */
  static Optional<String> objection(Path path) {
    if (!UNIX) {
      return Optional.empty();
    }
    try {
      return follow(path.toAbsolutePath());
    } catch (FileSystemException e) {
      return Optional.empty(); // what cannot be looked up cannot be loaded
    } catch (IOException e) {
      return Optional.of(path + " cannot be looked at: " + e.getMessage());
    }
  }

  /** Goes from the root to the path as the operating system does, link by link. */
  private static Optional<String> follow(Path path) throws IOException {
    long user = userNumber();
    Deque<Path> ahead = new ArrayDeque<>(names(path));
    Path here = path.getRoot();
    Optional<String> objection = objection(here, user);
    int links = 0;
    while (objection.isEmpty() && !ahead.isEmpty()) {
      String name = ahead.pop().toString();
      if (name.equals("..")) {
        here = here.getParent() == null ? here : here.getParent();
        continue;
      }
      Path next = here.resolve(name);
      objection = objection(next, user);
      if (!Files.isSymbolicLink(next)) {
        here = next;
      } else if (links++ < MOST_LINKS) {
        Path target = Files.readSymbolicLink(next);
        here = target.isAbsolute() ? target.getRoot() : here;
        List<Path> names = names(target);
        for (int i = names.size() - 1; i >= 0; i--) {
          ahead.push(names.get(i));
        }
      } else {
        throw new IOException("too many links");
      }
    }
    return objection;
  }

  private static List<Path> names(Path path) {
    List<Path> names = new ArrayList<>();
    path.forEach(names::add);
    names.removeIf(name -> name.toString().isEmpty() || name.toString().equals("."));
    return names;
  }

  private static Optional<String> objection(Path step, long user) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(step, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    int owner = number(found, "uid");
    int group = number(found, "gid");
    int mode = number(found, "mode");
    if (owner != ROOT && owner != user) {
      return Optional.of(
          step + " belongs to " + Files.getOwner(step, LinkOption.NOFOLLOW_LINKS) + ".");
    }
    if ((mode & KIND) == LINK || (mode & STICKY) != 0) {
      return Optional.empty();
    }
    if ((mode & OTHERS_WRITE) != 0) {
      return Optional.of("everyone can write to " + step + ".");
    }
    // Many systems give each user a group of the same number, and let it write.
    boolean alone = group == owner || group == ROOT;
    return (mode & GROUP_WRITES) == 0 || alone
        ? Optional.empty()
        : Optional.of("a group, number " + group + ", can write to " + step + ".");
  }

  private static int number(Map<String, Object> attributes, String name) {
    return (int) Objects.requireNonNull(attributes.get(name));
  }
}
