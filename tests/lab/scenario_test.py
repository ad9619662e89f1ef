#!/usr/bin/env python3
"""scenario_test.py HOPBLAME SCENARIO 4|6: a real network with this fault, probed live; the verdict must
be the table's, and the saved capture read offline must give the same bytes. 77: it could not run."""
import json
import pathlib
import sys
import tempfile

import judge
import lab
import scenarios

EXIT_CODES = {"open": 0, "inconclusive": 3}


def same_offline(binary, save, live):
    """What `read` says of the saved capture, up to the word of the command."""
    offline = lab.read(binary, save)
    expected = live.out.replace(b'"command":"probe"', b'"command":"read"') \
                       .replace(b'"command": "probe"', b'"command": "read"')
    if offline.out == expected:
        return []
    return [f"read of the saved capture differs (exit {offline.code}):\n"
            f"  live    {live.out.decode(errors='replace').strip()}\n"
            f"  offline {offline.out.decode(errors='replace').strip()}\n  {offline.err}"]


def verdict(binary, row, live, save):
    """Complaints about one run, and its answer in a line."""
    if row.outcomes == ("exit-4",):
        wrong = live.code != 4 or live.out or not live.err
        return [f"exit {live.code}, not 4; said: {live.err}"] if wrong else [], live.err.strip()
    try:
        report = json.loads(live.out)
    except ValueError:
        return [f"no JSON (exit {live.code}): {live.out!r} {live.err}"], "no answer"
    complaints = judge.complaints(report, row) + same_offline(binary, save, live)
    code = EXIT_CODES.get(report["outcome"], 1)
    if live.code != code:
        complaints.append(f"exit {live.code}, not {code}")
    return complaints, judge.found(report)


def attempt(binary, row, family):
    with tempfile.TemporaryDirectory(prefix="hopblame-lab.") as save:
        live = lab.probe(binary, row, family, pathlib.Path(save) / "ticket")
        if reason := lab.lacking(live):
            lab.skip(reason)
        complaints, answer = verdict(binary, row, live, pathlib.Path(save) / "ticket")
    return complaints, answer, live.seconds


# What these networks do is drawn by lot: which path a flow takes, which packet is lost. One run may rightly
# see nothing of the fault, so they get three; none of them may be certain of a wrong place.
DRAWN = {"ecmp", "ecmp-reject", "ecmp-drop", "loss-10", "loss-30", "loss-closed"}


def main():
    binary, name, family = sys.argv[1:]
    row = scenarios.load()[name]
    if reason := lab.missing(row):
        lab.skip(reason)
    for _ in range(3 if name in DRAWN else 1):
        complaints, answer, seconds = attempt(binary, row, family)
        print(f"{name} IPv{family}, {seconds:.1f} s: {answer}")
        for text in complaints:
            print(f"WRONG: {text}")
        sure = " certain" in answer and not answer.startswith("open")
        if not complaints or sure:
            break
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
