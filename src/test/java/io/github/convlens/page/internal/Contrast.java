package io.github.convlens.page.internal;

/** Contrast of text as the Web Content Accessibility Guidelines 2.1 define it (1.4.3). */
final class Contrast {
  private Contrast() {}

  /** A script that lists the visible texts of the page whose contrast is below 4.5. */
  static final String POOR_TEXTS =
      """
      () => {
        const channel = (value) => {
          const c = value / 255;
          return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        };
        const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        const ratio = (a, b) => {
          const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
          return (high + 0.05) / (low + 0.05);
        };
        const ground = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const colour = parse(getComputedStyle(e).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
          }
          return [255, 255, 255];
        };
        const poor = [];
        for (const element of document.querySelectorAll('body *')) {
          const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
          if (!own || element.closest('script, svg') || !element.checkVisibility()) continue;
          const value = ratio(parse(getComputedStyle(element).color), ground(element));
          if (value < 4.5) poor.push(`${element.tagName} ${element.textContent.slice(0, 40)} ${value}`);
        }
        const style = getComputedStyle(document.documentElement);
        const paint = document.createElement('div');
        document.body.append(paint);
        const named = (name) => {
          paint.style.color = style.getPropertyValue(name);
          return parse(getComputedStyle(paint).color);
        };
        for (const name of ['--cell', '--tap', '--out']) {
          const value = ratio(named('--cell-text'), named(name));
          if (value < 4.5) poor.push(`${name} ${value}`);
        }
        paint.remove();
        return poor;
      }
      """;
}
