#!/usr/bin/env python3
"""bless.py HOPBLAME: writes the expectations of every golden case anew from its capture; git diff is the
review. Exit 1 when any changed, so that a forgotten blessing cannot pass for a test."""
import pathlib
import sys

import cases


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    changed = 0
    for case in cases.all_cases():
        for path, now in cases.differing(binary, case):
            path.write_bytes(now)
            print(f"changed: {path.relative_to(cases.ROOT)}")
            changed += 1
    print(f"{len(cases.all_cases())} cases, {changed} expectations changed")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
