package io.github.convlens.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import io.github.convlens.lesson.D2l;
import java.io.File;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * No program that has ConvLens on its class path makes DJL use the network, even if its first call
 * is DJL's; unless the user says so.
 */
class OfflineTest {
  /** The README's sample, in a process that tells whom it would have called. */
  static final class Sample {
    public static void main(String[] args) {
      URL.setURLStreamHandlerFactory(
          protocol -> protocol.startsWith("http") ? new Refusing() : null);
      try (NDManager manager = NDManager.newBaseManager()) {
        Conv2d conv2d = Conv2d.builder().setFilters(1).setKernelShape(new Shape(3, 3)).build();
        System.out.println(D2l.compConv2d(conv2d, manager.ones(new Shape(8, 9))).getShape());
      }
    }
  }

  /** Prints an address and does not connect. */
  private static final class Refusing extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      System.out.println("connects to " + url.getHost());
      throw new IOException("refused");
    }

    @Override
    protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
      return openConnection(url);
    }
  }

  @Test
  void theSampleStaysOffTheNetwork() throws IOException, InterruptedException {
    assertEquals("(6, 7)\nexit 0", new OwnProcess().run(Sample.class));
  }

  @Test
  void whereverConvLensIsOnTheClassPath() throws IOException, InterruptedException {
    for (boolean first : new boolean[] {true, false}) {
      Comparator<String> order = Comparator.comparing(entry -> entry.endsWith(".jar") == first);
      String classPath =
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
              .sorted(order)
              .collect(Collectors.joining(File.pathSeparator));
      assertEquals("(6, 7)\nexit 0", new OwnProcess().classPath(classPath).run(Sample.class));
    }
  }

  /** Allowing downloads is not yet agreeing to be counted. */
  @Test
  void downloadsDoNotBringUsageTracking() throws IOException, InterruptedException {
    assertEquals(
        "(6, 7)\nexit 0", new OwnProcess().variable("DJL_OFFLINE", "false").run(Sample.class));
  }

  @Test
  void theUserMaySayOtherwise() throws IOException, InterruptedException {
    String printed =
        new OwnProcess()
            .variable("DJL_OFFLINE", "false")
            .variable("OPT_OUT_TRACKING", "false")
            .run(Sample.class);
    assertTrue(printed.contains("connects to 169.254.169.254\n"), printed);
  }
}
