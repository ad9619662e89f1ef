#!/usr/bin/env python3
"""read_captures.py HOPBLAME ATTEMPTS YARDSTICK [COUNT [SEED]]: CPU and memory of `hopblame read` on generated captures,
as ratios to libpcap's bare loop on the same file in the same session, whether the counts are the generator's, and the
same of other programs where they are installed."""
import os
import shutil
import sys
import tempfile

import reading

PEERS = {
    "tshark -z conv,tcp": ["tshark", "-qnz", "conv,tcp", "-r"],
    "tcptrace": ["tcptrace", "-nl"],
    "argus": ["argus", "-w", "/dev/null", "-r"],
}
MOST_FOR_PEERS = 1_000_000  # packets: some of them need a gigabyte for as many
RUNS = 3  # of which the quickest counts: the rest is what else the machine did


def best(command):
    runs = [reading.measured(command) for _ in range(RUNS)]
    return min(runs, key=lambda run: run.cpu)


class Table:
    def __init__(self, tools):
        self.tools, self.wrong = tools, False

    def row(self, name, run, base):
        print(f"  {name:28}{run.cpu:9.3f} s{run.cpu / base.cpu:8.2f} x{run.memory:8.0f} MiB", flush=True)

    def capture(self, title, folder, made, runs, peers=False):
        path = os.path.join(folder, "capture")
        truth = reading.generate(self.tools.attempts, made, path)
        print(f"{title}: {truth['packets']} packets, {os.path.getsize(path) / 1e6:.0f} MB")
        base = best([self.tools.yardstick, path])
        self.row("yardstick", base, base)
        for name, options in runs.items():
            run = best([self.tools.hopblame, "read", *options, path])
            self.row("hopblame " + name, run, base)
            if "--json" in options:
                self.check(truth, reading.counted(run.out))
        for name, command in PEERS.items() if peers else ():
            if not shutil.which(command[0]):
                print(f"  {name:28} not installed")
            elif truth["packets"] > MOST_FOR_PEERS:
                print(f"  {name:28} not asked: too many packets for it")
            else:
                self.row(name, reading.measured([*command, path]), base)
        os.remove(path)

    def check(self, truth, found):
        same = reading.agree(truth, found)
        self.wrong |= not same
        print("    counts:", "as generated" if same else f"{found} instead of {truth}")


class Tools:
    def __init__(self, hopblame, attempts, yardstick):
        self.hopblame, self.attempts, self.yardstick = hopblame, attempts, yardstick


def main():
    table = Table(Tools(*sys.argv[1:4]))
    count = int((sys.argv[4:5] or ["1000000"])[0])
    seed = (sys.argv[5:6] or ["1"])[0]
    both = {"read": [], "read --json": ["--json"]}
    with tempfile.TemporaryDirectory() as folder:
        table.capture("attempts", folder, ["mix", str(count), seed], both, peers=True)
        table.capture("attempts, pcapng", folder, ["pcapng", "mix", str(count), seed], {"read": []})
        table.capture("attempts, a target each", folder, ["mix", str(count // 10), seed, str(1 << 24)], both)
        table.capture("flood of SYNs", folder, ["flood", str(count * 10)], {"read --json": ["--json"]})
        table.capture("few long flows", folder, ["flows", str(count * 7 // 5)], {"read --json": ["--json"]})
        table.capture("a small capture", folder, ["mix", "150", seed], {"read": []})
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
