#!/usr/bin/env python3
"""read_test.py counts|instructions HOPBLAME ATTEMPTS
counts: what `hopblame read` counts in generated captures is what the generator says it put there.
instructions: under callgrind, a packet and a line of JSON cost no more than they may. 77: valgrind is not installed."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import reading

MOST_INSTRUCTIONS = 1000  # for each packet; a figure that repeats, unlike seconds
MOST_FOR_LINE = 53_000  # for each target: judged and written
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


def cost(command):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def growth(command, attempts, folder, made, counts, unit):
    """Between a small and a larger capture, so that starting the program does not count."""
    totals = []
    for count in counts:
        path = os.path.join(folder, "capture")
        truth = reading.generate(attempts, ["mix", str(count), *made], path)
        totals.append((truth[unit], cost([*command, path])))
    (few, cheap), (many, dear) = totals
    return (dear - cheap) / (many - few)


def instructions(hopblame, attempts, folder):
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return 77
    packet = growth([hopblame, "read"], attempts, folder, [], (20000, 60000), "packets")
    line = growth([hopblame, "read", "--json"], attempts, folder, ["1", "16777216"], (500, 2000), "total")
    print(f"{packet:.0f} instructions for each packet, at most {MOST_INSTRUCTIONS}")
    print(f"{line:.0f} for each target and its line of JSON, at most {MOST_FOR_LINE}")
    return 0 if packet <= MOST_INSTRUCTIONS and line <= MOST_FOR_LINE else 1


def main():
    task, hopblame, attempts = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        return {"counts": counts, "instructions": instructions}[task](hopblame, attempts, folder)


if __name__ == "__main__":
    sys.exit(main())
