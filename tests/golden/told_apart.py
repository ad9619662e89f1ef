#!/usr/bin/env python3
"""told_apart.py [--bless]: pcaps/README.md, the list of what is told apart and what is not, made from the stored verdicts
of the lab's scenarios. Faults that got the same verdict stand together: from the client's side they look alike. Without
--bless: exit 1 when the file says something else."""
import dataclasses
import difflib
import json
import re
import sys

import cases

sys.path.append(str(cases.ROOT / "tests/lab"))
import scenarios  # noqa: E402

README = cases.PCAPS / "README.md"
INTRODUCTION = """# What is told apart, and what is not

Each folder is a fault that was built and probed in a network of namespaces (client - r1 - r2 - r3 - server, real kernels):
`trace.pcapng` is what the client saw, `expected.*` what hopblame says of it, offline as well as live. `foreign` holds
captures of other tools, `compare-*` captures from both ends, `bare.tsv` what is said of the packets alone, without what
hopblame wrote down beside them. `./dev bless` writes this list from them.

Faults that stand together got the same answer: from the client they look alike. Where an answer has several words, the
packets leave them all open, and the last line says which look elsewhere settles it. k is the hop where the blame begins.
`hopblame explain WORD` tells more of a word.
"""
SECTIONS = ("Connection refused", "No route to host", "Network is unreachable", "Connection timed out",
            "connected", "Something else")
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
    """Each answer with what the program saw and the faults that got it, in the order of the table of scenarios. A fault
    leads to the report of its first family."""
    found = {}
    for row in scenarios.load().values():
        reports = {name: report for family in row.families if (report := stored(name := f"{row.id}-v{family}"))}
        if not reports or row.mechanisms[0].name == "listening":
            continue
        seen, faults = found.setdefault(answer(next(iter(reports.values()))), ({}, {}))
        seen.update(dict.fromkeys(filter(None, map(sees, reports.values()))))
        faults[row.fault] = next(iter(reports))
    return found


def says(of):
    likely = ", ".join(f"`{name}`" for rank, name in of.listed if rank == 1)
    rarer = ", ".join(f"`{name}`" for rank, name in of.listed if rank > 1)
    where = f" by {of.place}" if of.outcome == "refused" else f", {of.place}" if of.place else ""
    return f"**{of.outcome}**{where}: {likely}" + (f"; rarer {rarer}" if rarer else "")


def section(seen):
    first = next(iter(seen))
    return next((name for name in SECTIONS if first.startswith(name)), SECTIONS[-1])


def joined(words):
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def entry(of, seen, faults):
    """One answer: what the program sees is said where the heading does not."""
    more = "" if joined(seen) == section(seen) else f" (the program sees: {joined(seen)})"
    lines = [says(of) + more]
    lines += [f"- {fault}: [{case}]({case}/expected.txt)" for fault, case in faults.items()]
    lines += [f"- To settle it: {look}." for look in of.looks]
    return "\n".join(lines) + "\n"


def text():
    parts = {name: [] for name in SECTIONS}
    for of, (seen, faults) in answers().items():
        parts[section(seen)].append(entry(of, seen, faults))
    return INTRODUCTION + "".join(f"\n## {name}\n\n" + "\n".join(part) for name, part in parts.items() if part)


def main():
    before, now = README.read_text() if README.exists() else "", text()
    if now == before:
        return 0
    if "--bless" in sys.argv:
        README.write_text(now)
        print(f"changed: {README.relative_to(cases.ROOT)}")
    else:
        print("\n".join(difflib.unified_diff(before.splitlines(), now.splitlines(), "stored", "now", lineterm="")))
    return 1


if __name__ == "__main__":
    sys.exit(main())
