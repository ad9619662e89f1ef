#!/usr/bin/env python3
"""read_command_test.py HOPBLAME: the summary of a capture says what its lines of JSON say; --target means the same of a
run of hopblame's own as of any capture; of several captures each gets a ticket."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PCAPS = pathlib.Path(__file__).resolve().parents[2] / "pcaps"
OWN, FOREIGN = PCAPS / "closed-v4/trace.pcapng", PCAPS / "foreign/closed-ssh.pcap"
SUMMARY = re.compile(r"^(\d+) targets?, (\d+) not open; (\d+) attempts? in", re.MULTILINE)


def read(binary, *arguments):
    return subprocess.run([binary, "read", *arguments], capture_output=True, text=True, timeout=60)


def summaries(binary):
    for capture in sorted((PCAPS / "foreign").glob("*.pcap")):
        found = [json.loads(line) for line in read(binary, capture, "--json").stdout.splitlines()]
        wanted = [len(found), sum(one["outcome"] != "open" for one in found),
                  sum(one["attempts"]["total"] for one in found)]
        told = SUMMARY.search(read(binary, capture, "--all").stdout)
        if found and [int(number) for number in told.groups()] != wanted:
            yield f"{capture.name}: {told.group()}, and in JSON {wanted}"


def exit_codes(binary):
    for capture in (OWN, FOREIGN):
        for target, code in (("203.0.113.10:22", 1), ("203.0.113.10:23", 3), ("203.0.113.10:99999", 2),
                             ("no-such-host.invalid", 4)):
            got = read(binary, capture, "--target", target).returncode
            if got != code:
                yield f"{capture.name} --target {target}: exit {got}, not {code}"


def tickets(binary):
    with tempfile.TemporaryDirectory(prefix="hopblame-read.") as folder:
        files = (OWN, FOREIGN, PCAPS / "foreign/r2-reset-ssh.pcap")
        done = read(binary, *files, "--save", folder + "/tickets")
        made = len(list(pathlib.Path(folder).glob("tickets/*/report.json")))
        if made != len(files) or done.returncode != 1:
            yield f"{len(files)} captures, {made} tickets, exit {done.returncode}: {done.stderr}"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    wrong = [*summaries(binary), *exit_codes(binary), *tickets(binary)]
    print("\n".join(wrong) or "as it ought to be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
