#!/usr/bin/env python3
"""pages_test.py TEST_BINARY | golden: the page of every case made by hand (long paths, long addresses, hostile names,
silent hops), or of every golden case, in headless Chromium."""
import os
import pathlib
import subprocess
import sys
import tempfile

import pages
from scenarios import ROOT


def golden():
    return {path.parent.name: path.read_text() for path in sorted((ROOT / "pcaps").glob("*/expected.html"))}


def made_by_hand(binary, folder):
    subprocess.run([binary, "HTML: all cases can be written for the browser"], check=True,
                   env={**os.environ, "HOPBLAME_HTML_OUT": folder}, stdout=subprocess.DEVNULL)
    return {path.stem: path.read_text() for path in sorted(pathlib.Path(folder).glob("*.html"))}


def main():
    chromium = pages.browser()
    if not chromium:
        print("skipped: chromium is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="hopblame-pages.") as folder:
        found = golden() if sys.argv[1] == "golden" else made_by_hand(sys.argv[1], folder)
        wrong = list(pages.complaints(chromium, found, folder))
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong or len(found) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
