#!/usr/bin/env python3
"""golden_test.py HOPBLAME CASE: the stored capture read offline must give the stored bytes."""
import difflib
import pathlib
import sys

import cases


def show(path, now):
    before = path.read_text(errors="replace").splitlines() if path.exists() else []
    after = now.decode(errors="replace").splitlines()
    print("\n".join(difflib.unified_diff(before, after, str(path), "now", lineterm="")))


def main():
    binary, case = sys.argv[1], cases.PCAPS / sys.argv[2]
    wrong = list(cases.differing(pathlib.Path(binary).resolve(), case))
    for path, now in wrong:
        show(path, now)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
