package io.github.convlens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work is done at once by several threads, and comes back as it was given. */
class InOrderTest {
  private final List<Integer> taken = new ArrayList<>();

  /** The first waits for the second, which is done earlier. */
  @Test
  void resultsComeInTheOrderOfTheWork() {
    CountDownLatch second = new CountDownLatch(1);
    try (InOrder<Integer> work = new InOrder<>(2, taken::add)) {
      work.add(
          () -> {
            second.await();
            return 1;
          });
      work.add(
          () -> {
            second.countDown();
            return 2;
          });
      work.finish();
    }
    assertEquals(List.of(1, 2), taken);
  }

  @Test
  void aFewAreUnderWayAtOnce() {
    AtomicInteger given = new AtomicInteger();
    try (InOrder<Integer> work = new InOrder<>(2, taken::add)) {
      for (int i = 0; i < 1000; i++) {
        work.add(given::incrementAndGet);
        assertTrue(i + 1 - taken.size() <= 4, () -> given + " given, " + taken.size() + " taken");
      }
      work.finish();
    }
    assertEquals(1000, taken.size());
  }

  @Test
  void nothingIsBesideWorkThatIsAlone() {
    try (InOrder<Integer> work = new InOrder<>(2, taken::add)) {
      work.add(() -> 1);
      work.add(() -> 2);
      work.alone(
          () -> {
            assertEquals(List.of(1, 2), taken);
            return 3;
          });
      assertEquals(List.of(1, 2, 3), taken);
    }
  }

  @Test
  void aFaultComesInItsPlace() {
    try (InOrder<Integer> work = new InOrder<>(2, taken::add)) {
      work.add(() -> 1);
      work.add(
          () -> {
            throw new RequestException("not this one");
          });
      work.add(() -> 3);
      Exception fault = assertThrows(RequestException.class, work::finish);
      assertEquals("not this one", fault.getMessage());
    }
    assertEquals(List.of(1), taken);
  }

  /** What ConvLens says of memory is said of a batch, too. */
  @Test
  void anErrorStaysOne() {
    try (InOrder<Integer> work = new InOrder<>(1, taken::add)) {
      work.add(
          () -> {
            throw new OutOfMemoryError("full");
          });
      assertThrows(OutOfMemoryError.class, work::finish);
    }
  }
}
