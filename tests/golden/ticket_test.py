#!/usr/bin/env python3
"""ticket_test.py HOPBLAME: the ticket of every golden case and of every foreign capture, plain and redacted. The
four files are there, agree, keep their limits, and give the same verdict when read back; the redacted one holds
nothing of the plain one's addresses, names and MACs. 77: all is well, but the schema could not be checked."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import cases
import ticket
from ticket import FILES, Ticket

sys.path.append(str(cases.ROOT / "tests/lab"))
from redact_test import essence, leaks  # noqa: E402

try:
    from jsonschema import Draft202012Validator as Validator
except ImportError:
    Validator = None

MEMORY = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None  # files are synced to the disk, a thousand here
KEY = "00112233445566778899aabbccddeeff" * 2
NAMED = {"host": "secret-host.example.com", "hop": "secret-router.example.net", "company": "secret-if0"}


def captures(binary):
    """(name, file, options); of a capture with many targets the worst."""
    for case in cases.all_cases():
        yield case.name, case / "trace.pcapng", []
    for capture in sorted((cases.PCAPS / "foreign").glob("*.pcap")):
        yield capture.name, capture, target_option(json.loads(ticket.read(binary, capture).splitlines()[0]))


def target_option(report):
    target = report["target"]
    return ["--target", "[{address}]:{port}".format(**target)
            if target["family"] == "ipv6" else "{address}:{port}".format(**target)]


def named(journal):
    """A run with names in it, which the lab has none of."""
    router = journal["facts"]["vantage"]["gateway"]
    journal["goal"]["host"] = NAMED["host"]
    journal["facts"]["vantage"]["interface"] = NAMED["company"]
    if router:
        journal["names"] = [{"address": router, "name": NAMED["hop"]}]
    return journal


def disagreements(made):
    yield from answers_differ(made)
    if made.cited() != made.commented():
        yield f"cited {sorted(made.cited())}, commented {sorted(made.commented())}"


def answers_differ(made):
    report, lines = made.report, made.headlines()
    if len(set(lines.values())) != 1:
        yield f"different answers: {lines}"
    line, culprit = lines["report.md"], report["culprit"]
    if not line.startswith(report["outcome"]) or f"How sure: {culprit['confidence']}." not in line:
        yield f"{line} is not {report['outcome']}, {culprit['confidence']}"
    if culprit["kind"] in ("router", "destination") and culprit["address"] and culprit["address"] not in line:
        yield f"{line} does not name {culprit['address']}"
    if culprit["kind"] == "between" and not all(f"hop {culprit[end]}" in line or culprit[end] == 0
                                                for end in ("first_hop", "last_hop")):
        yield f"{line} is not between hop {culprit['first_hop']} and hop {culprit['last_hop']}"
    words = made.mechanisms()
    if len(set(map(tuple, words.values()))) != 1:
        yield f"different mechanisms: {words}"


def limits(made):
    page, markdown = made.page, made.markdown
    if len(page) >= 300_000 or len(markdown) > 60_000:
        yield f"{len(page)} bytes of HTML, {len(markdown)} of Markdown"
    if re.search(r"<script|<link|<img|<iframe|@import|url\(|\bon[a-z]+=", page):
        yield "the page holds or loads something foreign"
    if made.headlines()["report.md"] not in re.sub(r"\\(.)|`", r"\1", "\n".join(markdown.splitlines()[:10])):
        yield "the answer is not in the first ten lines"


def schema_errors(made, validator):
    for error in validator.iter_errors(made.report) if validator else ():
        yield f"{error.json_path}: {error.message}"


def read_back(binary, folder, made, own):
    """A run of ours is told by the same bytes; of an excerpt the verdict is the same."""
    options = [] if own else target_option(made.report)
    again = ticket.save(binary, folder / "trace.pcapng", folder / "again", *options)
    if own and again.stdout != made.bytes["report.json"]:
        yield "read back, the capture gives another report"
    if not own and essence(folder) != essence(folder / "again"):
        yield f"read back, the excerpt gives another verdict:\n  {essence(folder)}\n  {essence(folder / 'again')}"


def check(binary, capture, options, room, validator):
    own = not options
    plain, redacted = room / "plain", room / "redacted"
    (room / "key").write_text(KEY)
    ticket.save(binary, capture, plain, *options)
    done = ticket.save(binary, capture, redacted, *options, "--redact-key", room / "key")
    if b"built without" in done.stderr:
        print("skipped:", done.stderr.decode())
        sys.exit(77)
    missing = [file for folder in (plain, redacted) for name in FILES if not (file := folder / name).exists()]
    if missing:
        yield f"{missing} missing"
        return
    for folder in (plain, redacted):
        made = Ticket(folder)
        for text in [*disagreements(made), *limits(made), *schema_errors(made, validator),
                     *read_back(binary, folder, made, own)]:
            yield f"{folder.name}: {text}"
    yield from leaks(plain, redacted)
    for name in FILES:
        if b"secret" in (redacted / name).read_bytes() or (own and b"secret" not in (plain / name).read_bytes()):
            yield f"names in {name}"
    if essence(plain) != essence(redacted):
        yield f"redacted, another verdict:\n  {essence(plain)}\n  {essence(redacted)}"


def uncommented(made):
    """Packets of the two captures that the report cites and the saved file does not tell."""
    said = "\n".join(text for _, text in ticket.frames(made.capture) if ticket.MARK in text)
    for attempt in made.report["compare"]["attempts"]:
        for end in ("client", "server"):
            for number in attempt[f"{end}_packets"]:
                if f"{end} packet {number}" not in said.splitlines():
                    yield f"{end} packet {number} is not in trace.pcapng"


def compared_again(binary, folder, made):
    """The saved file holds both captures; only of a run of ours it lacks the walk."""
    trace = folder / "trace.pcapng"
    again = json.loads(subprocess.run([binary, "compare", trace, trace, "--json"], capture_output=True, timeout=60).stdout)
    for what in ("outcome", "culprit"):
        if again[what] != made.report[what]:
            yield f"compared again: {what} {again[what]}, it was {made.report[what]}"
    found, before = ([attempt["finding"] for attempt in report["compare"]["attempts"]] for report in (again, made.report))
    if found != before:
        yield f"compared again: {found}, it was {before}"


def check_pair(binary, case, room, validator):
    plain, redacted = room / "plain", room / "redacted"
    (room / "key").write_text(KEY)
    ticket.compare(binary, case, plain)
    ticket.compare(binary, case, redacted, "--redact-key", room / "key")
    for folder in (plain, redacted):
        made = Ticket(folder)
        for text in [*answers_differ(made), *limits(made), *schema_errors(made, validator), *uncommented(made)]:
            yield f"{folder.name}: {text}"
        if case.name != "compare-own-run":
            yield from compared_again(binary, folder, made)
    yield from leaks(plain, redacted)
    if essence(plain) != essence(redacted):
        yield f"redacted, another verdict:\n  {essence(plain)}\n  {essence(redacted)}"


def check_pipe(binary, room):
    """Standard input is read twice, although it is a pipe."""
    capture = cases.PCAPS / "foreign/r2-reset-ssh.pcap"
    pair = cases.PCAPS / "compare-syn-lost"
    ticket.save(binary, capture, room / "file")
    for arguments, path in ((["read", "-"], capture), (["compare", "-", pair / "server.pcap"], pair / "client.pcap")):
        subprocess.run([binary, *arguments, "--json", "--save", room / arguments[0]], input=path.read_bytes(),
                       capture_output=True, timeout=60)
        if not (room / arguments[0] / "trace.pcapng").exists():
            yield f"{arguments[0]} -: no trace.pcapng"
    if essence(room / "read") != essence(room / "file"):
        yield "read -: another verdict than of the file"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    schema = cases.ROOT / "src/report/hopblame-1.schema.json"
    validator = Validator(json.loads(schema.read_text())) if Validator else None
    wrong, checked = 0, 0
    for name, capture, options in captures(binary):
        with tempfile.TemporaryDirectory(prefix="hopblame-ticket.", dir=MEMORY) as folder:
            room = pathlib.Path(folder)
            if not options:
                changed = ticket.with_journal(capture.read_bytes(), named)
                capture = room / "named.pcapng"
                capture.write_bytes(changed)
            for text in check(binary, capture, options, room, validator):
                print(f"WRONG: {name}: {text}")
                wrong += 1
        checked += 1
    for case in sorted(cases.PCAPS.glob("compare-*")):
        with tempfile.TemporaryDirectory(prefix="hopblame-ticket.", dir=MEMORY) as folder:
            for text in check_pair(binary, case, pathlib.Path(folder), validator):
                print(f"WRONG: {case.name}: {text}")
                wrong += 1
        checked += 1
    with tempfile.TemporaryDirectory(prefix="hopblame-ticket.", dir=MEMORY) as folder:
        for text in check_pipe(binary, pathlib.Path(folder)):
            print(f"WRONG: {text}")
            wrong += 1
    print(f"{checked} tickets, {wrong} complaints")
    if wrong or not checked:
        return 1
    return 0 if validator else 77


if __name__ == "__main__":
    sys.exit(main())
