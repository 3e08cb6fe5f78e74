package io.github.convlens.page.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import io.github.convlens.page.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The page in a headless Chromium that has no network, as a reader sees it. */
final class OpenPage implements AutoCloseable {
  /**
   * First the one without windows: the others lay out an address bar at each change of the page.
   */
  private static final List<Path> CHROMIUMS =
      Stream.of(
              "/usr/bin/chromium-headless-shell",
              "/usr/bin/chromium",
              "/usr/bin/chromium-browser",
              "/usr/bin/google-chrome")
          .map(Path::of)
          .toList();

  private final Playwright playwright;
  private final Browser browser;
  private final Path file;
  private final com.microsoft.playwright.Page page;
  private final List<String> complaints = new ArrayList<>();

  OpenPage(Path folder) throws IOException {
    Path chromium = CHROMIUMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
    if (chromium == null && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("there is no Chromium, which .ci/run installs");
    }
    assumeTrue(chromium != null, "no Chromium is installed");
    file =
        Files.writeString(
            folder.resolve("conv.html"),
            Page.html(new Page.Start("nn.Conv2d(1, 1, 3)", "8x8", 0, 0), "0"));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
    page = tab();
  }

  /** The tab that tests share: 1280x1000, in English. */
  com.microsoft.playwright.Page page() {
    return page;
  }

  /** Types into the two fields. */
  void type(String layers, String input) {
    page.evaluate(
        """
        ([layers, input]) => {
          for (const [id, text] of [['layers', layers], ['input', input]]) {
            const field = document.getElementById(id);
            field.value = text;
            field.dispatchEvent(new Event('input'));
          }
        }
        """,
        List.of(layers, input));
  }

  private com.microsoft.playwright.Page tab() {
    return tab(new Browser.NewContextOptions().setLocale("en-US").setViewportSize(1280, 1000), "");
  }

  /** A tab that shows the page at an address's fragment; complaints of its script are kept. */
  com.microsoft.playwright.Page tab(Browser.NewContextOptions options, String fragment) {
    BrowserContext context = browser.newContext(options);
    context.setOffline(true);
    com.microsoft.playwright.Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onRequest(
        request -> {
          if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) {
            complaints.add("asks for " + request.url());
          }
        });
    page.navigate(file.toUri() + fragment);
    return page;
  }

  /** What scripts reported, and what was asked of a network. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
