package io.github.convlens.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that others can change, by every way there is. */
class OwnershipTest {
  private static final int STRANGER = 65534;

  @TempDir Path folder;
  private Path own = Path.of("");
  private Path inside = Path.of("");

  @BeforeEach
  void make() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("unix"),
        "files have no Unix owner here");
    own = Files.createDirectory(folder.toRealPath().resolve("own"));
    inside = Files.createDirectory(own.resolve("inside"));
    mode(own, 0755);
    mode(inside, 0755);
  }

  @Test
  void aFolderOfOnesOwnIsRight() {
    assertEquals(Optional.empty(), Ownership.objection(inside));
  }

  @Test
  void whatIsNotThereYetIsRight() {
    assertEquals(Optional.empty(), Ownership.objection(inside.resolve("a/b")));
  }

  @Test
  void everyoneWritesToIt() throws IOException {
    mode(inside, 0777);
    assertEquals(Optional.of("everyone can write to " + inside + "."), Ownership.objection(inside));
  }

  @Test
  void everyoneWritesToAFolderOnTheWay() throws IOException {
    mode(own, 0757);
    assertEquals(
        Optional.of("everyone can write to " + own + "."),
        Ownership.objection(inside.resolve("file")));
  }

  @Test
  void aFolderInWhichAllDeleteOnlyTheirOwnMayBeOnTheWay() throws IOException {
    mode(own, 01777);
    assertEquals(Optional.empty(), Ownership.objection(inside));
  }

  @Test
  void aGroupWritesToIt() throws IOException {
    assumeRoot();
    Files.setAttribute(inside, "unix:gid", STRANGER);
    mode(inside, 0775);
    assertEquals(
        Optional.of("a group, number " + STRANGER + ", can write to " + inside + "."),
        Ownership.objection(inside));
  }

  @Test
  void itBelongsToAnother() throws IOException {
    assumeRoot();
    Files.setAttribute(inside, "unix:uid", STRANGER);
    assertEquals(
        Optional.of(inside + " belongs to " + Files.getOwner(inside) + "."),
        Ownership.objection(inside.resolve("file")));
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(folder.toRealPath().resolve("link"), Path.of("own"));
    assertEquals(Optional.empty(), Ownership.objection(link.resolve("inside")));
    mode(inside, 0777);
    assertEquals(
        Optional.of("everyone can write to " + inside + "."),
        Ownership.objection(link.resolve("inside/../inside")));
  }

  @Test
  void aLinkThatAnotherLaid() throws IOException, InterruptedException {
    assumeRoot();
    Path link = Files.createSymbolicLink(folder.toRealPath().resolve("link"), own);
    Process chown = new ProcessBuilder("chown", "-h", "" + STRANGER, link.toString()).start();
    assumeTrue(chown.waitFor() == 0, "chown -h does not work here");
    assertEquals(
        Optional.of(
            link
                + " belongs to "
                + Files.getOwner(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                + "."),
        Ownership.objection(link));
  }

  @Test
  void aLinkToItselfEnds() throws IOException {
    Path link = folder.toRealPath().resolve("link");
    Files.createSymbolicLink(link, link);
    assertEquals(
        Optional.of(link + " cannot be looked at: too many links"), Ownership.objection(link));
  }

  private static void mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  private static void assumeRoot() {
    assumeTrue(Ownership.user().equals("0"), "only root can give files to another user");
  }
}
