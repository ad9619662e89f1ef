#!/usr/bin/env python3
"""read_captures.py HOPBLAME ATTEMPTS YARDSTICK [COUNT [SEED]]: CPU and memory of `hopblame read` on a generated capture,
as ratios to libpcap's bare loop in the same session, and whether the counts are the generator's."""
import json
import os
import subprocess
import sys
import tempfile

OUTCOMES = ("total", "open", "refused", "rejected", "dropped", "other")


def measured(command):
    """CPU seconds, peak MiB, standard output."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read()


def counted(out):
    lines = [json.loads(line) for line in out.splitlines() if line.strip()]
    return {word: sum(line["attempts"][word] for line in lines) for word in OUTCOMES}


def main():
    binary, attempts, yardstick, count = *sys.argv[1:4], (sys.argv[4:5] or ["1000000"])[0]
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "attempts.pcap")
        with open(capture, "wb") as file:
            made = subprocess.run([attempts, count, *sys.argv[5:6]], stdout=file, stderr=subprocess.PIPE, check=True)
        truth = json.loads(made.stderr)
        measured([yardstick, capture])
        base, base_memory, _ = measured([yardstick, capture])
        print(f"{truth['packets']} packets, {os.path.getsize(capture) / 1e6:.0f} MB")
        print(f"{'':24}{'CPU s':>8}{'x':>7}{'MiB':>8}")
        print(f"{'yardstick':24}{base:8.3f}{1:7.2f}{base_memory:8.0f}")
        wrong = False
        for name, options in (("read", []), ("read --json", ["--json"])):
            cpu, memory, out = measured([binary, "read", *options, capture])
            print(f"{'hopblame ' + name:24}{cpu:8.3f}{cpu / base:7.2f}{memory:8.0f}")
            if options:
                found = counted(out)
                wrong = any(found[word] != truth[word] for word in OUTCOMES)
                print("counts:", "as generated" if not wrong else f"{found} instead of {truth}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
