#!/usr/bin/env python3
"""verdict_time.py HOPBLAME LAB_LINK [PATTERN]: time from start to the printed verdict, in the lab with round trips of
0, 20 and 100 ms, beside traceroute, tcptraceroute and nmap where they are installed. Each run has a
network of its own, so that no tool meets the rate limits another has used up."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

LAB = pathlib.Path(__file__).resolve().parents[2] / "src/lab/lab.sh"
SITUATIONS = ("open", "closed", "r2-reset", "r2-drop", "host-drop", "host-down")
ROUND_TRIPS_MS = (0, 20, 100)
PATIENCE_SECONDS = 40
PEERS = {
    "traceroute -T": ["traceroute", "-n", "-T", "-p", "22", "@TARGET"],
    "tcptraceroute": ["tcptraceroute", "-n", "@TARGET", "22"],
    "nmap --traceroute": ["nmap", "-n", "-Pn", "-sS", "--traceroute", "-p", "22", "@TARGET"],
}
TIMED = 'begin=$EPOCHREALTIME; timeout {} "$@" >/dev/null 2>&1 </dev/null; echo $begin $EPOCHREALTIME'


def seconds(hopblame, link, situation, round_trip, command):
    """Of one run; None when it was cut off."""
    environment = {**os.environ, "HOPBLAME": str(hopblame), "LC_ALL": "C"}
    if round_trip:
        environment["LAB_LINK"] = f"{link} {round_trip / 2}"
    done = subprocess.run(["bash", LAB, situation, "4", "bash", "-c", TIMED.format(PATIENCE_SECONDS), "-",
                           *command], env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{situation}: {done.stderr}")
    begin, end = map(float, done.stdout.split())
    return None if end - begin >= PATIENCE_SECONDS else end - begin


def cell(spent, ours):
    if spent is None:
        return f"> {PATIENCE_SECONDS} s (> {PATIENCE_SECONDS / ours:.0f} x)"
    return f"{spent:.2f} s ({spent / ours:.1f} x)"


def main():
    hopblame, link = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    peers = {name: words for name, words in PEERS.items() if shutil.which(words[0])}
    print(f"{'situation':12} {'R ms':>5} {'hopblame':>10}  " + "".join(f"{n:24}" for n in peers))
    for situation in filter(re.compile(wanted).search, SITUATIONS):
        for round_trip in ROUND_TRIPS_MS:
            def measure(command):
                return seconds(hopblame, link, situation, round_trip, command)
            ours = statistics.median(measure([hopblame, "probe", "@TARGET"]) for _ in range(3))
            cells = [cell(measure(words), ours) for words in peers.values()]
            print(f"{situation:12} {round_trip:5} {ours:8.2f} s  " + "".join(f"{c:24}" for c in cells),
                  flush=True)


if __name__ == "__main__":
    main()
