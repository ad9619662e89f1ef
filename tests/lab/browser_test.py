#!/usr/bin/env python3
"""browser_test.py HOPBLAME SCENARIO 4|6: report.html of a real run in headless Chromium, at 1280 and 400
pixels: nothing is wider than the page and the answer is seen without scrolling."""
import pathlib
import sys
import tempfile

import lab
import pages
import scenarios


def main():
    binary, name, family = sys.argv[1:]
    row = scenarios.load()[name]
    chromium = pages.browser()
    if reason := lab.missing(row) or (None if chromium else "chromium is not installed"):
        lab.skip(reason)
    with tempfile.TemporaryDirectory(prefix="hopblame-browser.") as folder:
        lab.probe(binary, row, family, pathlib.Path(folder) / "ticket")
        page = (pathlib.Path(folder) / "ticket/report.html").read_text()
        wrong = list(pages.complaints(chromium, {name: page}, folder))
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
