# SPDX-License-Identifier: MIT
"""What the tests of pages check alike. They end by sys.exit at the first fault."""

import pathlib
import shutil
import sys

FOCUSED = "document.activeElement.getAttribute('aria-label') ?? ''"
FRAMES = "[...document.querySelectorAll('.frame')].map(f => f.getAttribute('aria-label'))"
LEAST_CONTRAST = 4.5  # WCAG AA for text of this size
SKIPPED = 77

# The least contrast of a text with what is behind it, over all of the page.
CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const pixel = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = pixel(color).map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const colorBehind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const stripes = style.backgroundImage.match(/rgba?\\([^)]*\\)/g);
      if (stripes) return stripes[0];
      if (pixel(style.backgroundColor)[3] === 255) return style.backgroundColor;
    }
  };
  let least = 21;
  const texts = '.frame, .frame *, p, li, td, th, button, label, #detail *, .drawing text';
  for (const e of document.querySelectorAll(texts)) {
    const [a, b] = [light(getComputedStyle(e).color), light(colorBehind(e))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()"""


def find_browser():
    program = shutil.which("chromium")
    if not program:
        print("chromium is not installed; Debian's package chromium has it")
        sys.exit(SKIPPED)
    return program


def check(condition, what):
    if not condition:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {what}")


def check_equal(found, expected, what):
    check(found == expected, f"{what}: expected {expected!r}, found {found!r}")


def check_fits(browser, width):
    overflow = browser.run("document.documentElement.scrollWidth - innerWidth")
    check(overflow <= 0, f"{width} pixels: the page is {overflow} wider than the window")


def check_contrast(browser, scheme):
    contrast = browser.run(CONTRAST)
    check(contrast >= LEAST_CONTRAST, f"{scheme}: a contrast of {contrast:.2f}")
