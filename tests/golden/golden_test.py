#!/usr/bin/env python3
"""golden_test.py HOPBLAME CASE: the stored capture read offline must give the stored bytes, and the verdict that
the table of scenarios wants. 77: there are no stored bytes yet (./dev bless)."""
import difflib
import json
import pathlib
import re
import sys

import cases

sys.path.append(str(cases.ROOT / "tests/lab"))
import judge  # noqa: E402
import scenarios  # noqa: E402


def show(path, now):
    before = path.read_text(errors="replace").splitlines()
    after = now.decode(errors="replace").splitlines()
    print("\n".join(difflib.unified_diff(before, after, str(path), "now", lineterm="")))


def verdict(binary, case):
    """Complaints about what the capture is found to be now."""
    row = scenarios.load().get(re.sub(r"-v[46]$", "", case.name))
    report = json.loads(cases.output(binary, case, "json"))
    return judge.complaints(report, row) if row else []


def main():
    binary, case = pathlib.Path(sys.argv[1]).resolve(), cases.PCAPS / sys.argv[2]
    wrong = verdict(binary, case)
    for text in wrong:
        print(f"WRONG: {text}")
    unstored = False
    for path, now in cases.differing(binary, case):
        unstored |= not path.exists()
        if path.exists():
            show(path, now)
            wrong.append(path)
    return 1 if wrong else 77 if unstored else 0


if __name__ == "__main__":
    sys.exit(main())
