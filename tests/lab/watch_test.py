#!/usr/bin/env python3
"""watch_test.py HOPBLAME: between two probes of `watch` a rule of r2 begins to reset. 77: cannot run here."""
import json
import os
import pathlib
import sys

import lab
import scenarios

RULE = ("nsenter --net=/run/netns/r2 -- nft 'table inet late { chain c { type filter hook forward priority 0; "
        "tcp dport 22 reject with tcp reset; }; }'")
# The rule comes once the first probe has told; the second begins ten seconds after the first.
WATCH = ("\"$HOPBLAME\" watch @TARGET --interval 10 --count 2 {options} | "
         "{{ IFS= read -r first && {rule}; printf '%s\\n' \"$first\"; cat; }}; exit ${{PIPESTATUS[0]}}")


def watch(binary, *options):
    command = WATCH.format(rule=RULE, options=" ".join(options))
    return lab.run(["bash", lab.LAB, "open", "4", "bash", "-c", command.replace("@TARGET", "203.0.113.10")],
                   env={**os.environ, "HOPBLAME": str(binary)})


def complaints(text, objects):
    lines = text.out.decode().splitlines()
    if text.code != 1 or len(lines) < 5:
        return [f"text: exit {text.code}, {lines} {text.err}"]
    wrong = []
    if " open (listening)" not in lines[0] or " it was open" not in lines[1] or "198.51.100.2" not in lines[1]:
        wrong.append(f"text: {lines}")
    if " a ban of this source looks like that too: 2 probes, 1 connection so far." not in lines[2]:
        wrong.append(f"no word of a ban: {lines}")
    if not lines[4].startswith("2 probes in ") or not lines[4].endswith("1 change"):
        wrong.append(f"summary: {lines[4:]}")
    told = [json.loads(line) for line in objects.out.splitlines()]
    if [(item["command"], item["outcome"]) for item in told] != [("watch", "open"), ("watch", "refused")]:
        wrong.append(f"json: {objects.out.decode()} {objects.err}")
    return wrong


def same_under_one_key(binary):
    """Nothing changes between two probes, and with --redact nothing seems to; the key comes by a pipe, read once."""
    command = ('"$HOPBLAME" watch 203.0.113.10 25 --interval 10 --count 2 '
               '--redact-key <(printf %064d 7); exit $?')
    told = lab.run(["bash", lab.LAB, "closed", "4", "bash", "-c", command], env={**os.environ, "HOPBLAME": str(binary)})
    lines = told.out.decode().splitlines()
    if told.code != 1 or len(lines) != 3 or not lines[1].endswith(" 0 changes") or told.err:
        return [f"redacted: exit {told.code}, {lines} {told.err}"]
    return []


def main():
    row = scenarios.load()["open"]
    if reason := lab.missing(row):
        lab.skip(reason)
    binary = pathlib.Path(sys.argv[1]).resolve()
    wrong = [*complaints(watch(binary), watch(binary, "--json")), *same_under_one_key(binary)]
    print("\n".join(wrong) or "two probes, one change")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
