#!/usr/bin/env python3
"""golden_test.py HOPBLAME CASE: the stored capture read offline must give the stored bytes, and the verdict that
the table of scenarios wants. What is not stored yet, ./dev bless stores."""
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
    for path, now in cases.differing(binary, case):
        wrong.append(path)
        if path.exists():
            show(path, now)
        else:
            print(f"WRONG: {path} is missing")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
