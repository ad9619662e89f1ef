#!/usr/bin/env python3
"""pages_test.py TEST_BINARY: the page of every case made by hand (long paths, long addresses, hostile names, silent
hops) in headless Chromium."""
import os
import pathlib
import subprocess
import sys
import tempfile

import pages


def main():
    chromium = pages.browser()
    if not chromium:
        print("skipped: chromium is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="hopblame-pages.") as folder:
        subprocess.run([sys.argv[1], "HTML: all cases can be written for the browser"], check=True,
                       env={**os.environ, "HOPBLAME_HTML_OUT": folder}, stdout=subprocess.DEVNULL)
        wrong, written = [], sorted(pathlib.Path(folder).glob("*.html"))
        for path in written:
            print(path.stem)
            wrong += [f"{path.stem}: {text}" for text in pages.complaints(chromium, path.read_text(), folder)]
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong or len(written) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
