#!/usr/bin/env python3
"""browser_test.py HOPBLAME SCENARIO 4|6: report.html of a real run in headless Chromium, at 1280 and 400
pixels: nothing is wider than the page and the answer is seen without scrolling."""
import html
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import lab
import scenarios

SIZES = ((1280, 800), (400, 700))
FRAME = """<!doctype html><iframe id="page" style="border:0;width:{width}px;height:{height}px"
srcdoc="{page}"></iframe><script>
onload = () => {{
  const page = document.getElementById("page").contentDocument, root = page.documentElement;
  const wide = [...page.querySelectorAll("body *")].filter(
    e => !e.closest(".scroll") && e.getBoundingClientRect().right > {width} + 1);
  document.body.dataset.found = [root.scrollWidth, wide.length,
    Math.round(page.querySelector("h1").getBoundingClientRect().bottom),
    page.querySelectorAll("svg").length].join(" ");
}};
</script>"""


def measured(chromium, page, width, height, folder):
    """Scroll width, elements beyond the edge, lower edge of the answer, pictures."""
    frame = pathlib.Path(folder) / "frame.html"
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    frame.write_text(FRAME.format(width=width, height=height, page=html.escape(bare)))
    out = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          f"--user-data-dir={folder}/profile", "--window-size=1400,900",
                          "--virtual-time-budget=3000", frame.as_uri()],
                         capture_output=True, timeout=60).stdout.decode(errors="replace")
    found = re.search(r'data-found="([0-9 ]+)"', out)
    return [int(number) for number in found[1].split()] if found else None


def complaints(chromium, page, folder):
    for width, height in SIZES:
        found = measured(chromium, page, width, height, folder)
        if not found:
            yield f"{width} pixels: the browser measured nothing"
            continue
        scroll, wide, answer, pictures = found
        print(f"{width} pixels: page {scroll} wide, answer ends at {answer}, {pictures} pictures")
        if scroll > width or wide:
            yield f"{width} pixels: {scroll} wide, {wide} elements beyond the edge"
        if answer > height:
            yield f"{width} pixels: the answer ends at {answer}, below the fold"
        if not pictures:
            yield "no picture"


def main():
    binary, name, family = sys.argv[1:]
    row = scenarios.load()[name]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if reason := lab.missing(row) or (None if chromium else "chromium is not installed"):
        lab.skip(reason)
    with tempfile.TemporaryDirectory(prefix="hopblame-browser.") as folder:
        lab.probe(binary, row, family, pathlib.Path(folder) / "ticket")
        page = (pathlib.Path(folder) / "ticket/report.html").read_text()
        wrong = list(complaints(chromium, page, folder))
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
