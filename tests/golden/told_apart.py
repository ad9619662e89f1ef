#!/usr/bin/env python3
"""told_apart.py [--bless]: the README's table of what is told apart and what is not, made from the stored verdicts of
the lab's scenarios. Faults that got the same verdict share a row: from the client's side they look alike. Without
--bless: exit 1 when the README says something else."""
import dataclasses
import difflib
import json
import re
import sys

import cases

sys.path.append(str(cases.ROOT / "tests/lab"))
import scenarios  # noqa: E402

README = cases.ROOT / "README.md"
BEGIN, END = "<!-- written by ./dev bless from pcaps/ -->\n\n", "\n<!-- end of what ./dev bless writes -->\n"
HEADING = ("What the program sees", "What was wrong", "What hopblame says",
           "The look that settles it")
SEEN_FIRST = ("Connection refused", "No route to host", "Network is unreachable", "Connection timed out", "connected,")
SERVER = 4  # its hop in the lab


@dataclasses.dataclass(frozen=True)
class Answer:
    """What makes two faults one line: the same outcome, list of mechanisms, place and looks."""
    outcome: str
    listed: tuple[tuple[int, str], ...]  # rank, mechanism
    place: str
    looks: tuple[str, ...]


def stored(name):
    path = cases.PCAPS / name / "expected.json"
    return json.loads(path.read_text()) if path.exists() else None


def sees(report):
    if report["outcome"] == "intermittent":
        return "connected, at other times not"
    return report["app_sees"]["text"]


def place(report):
    """Where, in the words of any network."""
    culprit = report["culprit"]
    first, last = culprit["first_hop"], culprit["last_hop"]
    fixed = {"this-host": "this machine", "destination": "the host", "router": "that router"}
    if culprit["kind"] == "none":
        return ""
    if culprit["kind"] in fixed and first == last:
        return fixed[culprit["kind"]]
    if last == first + 1:
        return "the host or the hop before it" if last == SERVER else "one of two neighbouring hops"
    return f"one of {last - first + 1} hops"


def without_names(explanation, target):
    """Its `settled_by`, where hops and addresses of this network have become those of any."""
    first = explanation["where"]["first_hop"]
    text = explanation["settled_by"].rstrip(".?").replace(target, "the host")
    text = re.sub(r"`ip (route get|neigh show) [^`]*`", r"`ip \1 ...`", text)
    text = re.sub(r'with "[^"]*"', "with that message", text)
    text = re.sub(r"hop (\d+)(?: \([0-9a-f.:]+\))?",
                  lambda hop: "hop k" + (f"+{int(hop[1]) - first}" if int(hop[1]) != first else ""), text)
    return re.sub(r"\b(?:\d+\.){3}\d+\b|2001:db8[0-9a-f:]*", "that router", text)


def answer(report):
    listed = tuple((e["rank"], e["mechanism"]) for e in report["explanations"])
    looks = dict.fromkeys(without_names(e, report["target"]["address"]) for e in report["explanations"])
    return Answer(report["outcome"], listed, place(report), tuple(looks))


def answers():
    """Each answer with what the program saw and the faults that got it, in the order of the table of scenarios."""
    found = {}
    for row in scenarios.load().values():
        reports = [report for family in row.families if (report := stored(f"{row.id}-v{family}"))]
        if not reports or row.mechanisms[0].name == "listening":
            continue
        seen, faults = found.setdefault(answer(reports[0]), ({}, {}))
        seen.update(dict.fromkeys(map(sees, reports)))
        faults[row.fault] = True
    return found


def says(of):
    likely = ", ".join(f"`{name}`" for rank, name in of.listed if rank == 1)
    rarer = ", ".join(f"`{name}`" for rank, name in of.listed if rank > 1)
    where = f" by {of.place}" if of.outcome == "refused" else f", {of.place}" if of.place else ""
    return f"**{of.outcome}**{where}: {likely}" + (f"; rarer {rarer}" if rarer else "")


def position(seen):
    first = next(iter(seen))
    return next((at for at, words in enumerate(SEEN_FIRST) if first.startswith(words)), len(SEEN_FIRST))


def joined(words):
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def table():
    rows = [HEADING, ("---",) * len(HEADING)]
    for of, (seen, faults) in sorted(answers().items(), key=lambda item: position(item[1][0])):
        rows.append((joined(seen), "; ".join(faults), says(of), "; ".join(of.looks)))
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


def main():
    before, found, rest = README.read_text().partition(BEGIN)
    old, ended, after = rest.partition(END)
    if not found or not ended:
        sys.exit(f"{README.name} has lost the marks around its table")
    now = table()
    if now == old:
        return 0
    if "--bless" in sys.argv:
        README.write_text(before + BEGIN + now + END + after)
        print(f"changed: {README.name}")
    else:
        print("\n".join(difflib.unified_diff(old.splitlines(), now.splitlines(), README.name, "now", lineterm="")))
    return 1


if __name__ == "__main__":
    sys.exit(main())
