#!/usr/bin/env python3
"""read_test.py counts|instructions HOPBLAME ATTEMPTS
counts: what `hopblame read` counts in generated captures is what the generator says it put there.
instructions: under callgrind, a packet costs no more than it may. 77: valgrind is not installed."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import reading

MOST_INSTRUCTIONS = 1000  # for each packet; a figure that repeats, unlike seconds
CAPTURES = {
    "mix": ["mix", "3000"],
    "pcapng": ["pcapng", "mix", "3000", "7"],
    "a target each": ["mix", "2000", "3", "16777216"],
    "flows": ["flows", "20000"],
    "flood": ["flood", "350000"],
}


def captured(out):
    return {caveat["id"] for line in reading.lines(out) for caveat in line["caveats"]}


def counts(hopblame, attempts, folder):
    wrong = 0
    for name, made in CAPTURES.items():
        path = os.path.join(folder, "capture")
        truth = reading.generate(attempts, made, path)
        run = reading.measured([hopblame, "read", "--json", path])
        found = reading.counted(run.out)
        same = reading.agree(truth, found)
        # More SYNs at a time than are followed: that must be said.
        told = ("given-up-early" in captured(run.out)) == (name == "flood")
        print(f"{name}: {found if same else f'{found} instead of {truth}'}{'' if told else ', wrong caveat'}")
        wrong += not (same and told)
    return 1 if wrong else 0


def cost(hopblame, path):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", hopblame, "read", path],
                          capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def instructions(hopblame, attempts, folder):
    """Between a small and a larger capture, so that starting the program does not count."""
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return 77
    totals = []
    for count in ("20000", "60000"):
        path = os.path.join(folder, count)
        packets = reading.generate(attempts, ["mix", count], path)["packets"]
        totals.append((packets, cost(hopblame, path)))
    (few, cheap), (many, dear) = totals
    each = (dear - cheap) / (many - few)
    print(f"{each:.0f} instructions for each packet, at most {MOST_INSTRUCTIONS}")
    return 0 if each <= MOST_INSTRUCTIONS else 1


def main():
    task, hopblame, attempts = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        return {"counts": counts, "instructions": instructions}[task](hopblame, attempts, folder)


if __name__ == "__main__":
    sys.exit(main())
