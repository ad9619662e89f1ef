"""The golden cases: pcaps/NAME/ holds trace.pcapng, expected.json, expected.txt and a README. Of each scenario one
case, IPv4 where there is one, holds the rest of the ticket too: the page, the Markdown, and what the saved capture
says to its reader."""
import pathlib
import subprocess
import tempfile

import ticket

ROOT = pathlib.Path(__file__).resolve().parents[2]
PCAPS = ROOT / "pcaps"
FORMS = {"expected.json": "json", "expected.txt": "text"}
TICKET_FORMS = {"expected.md": "md", "expected.html": "html"}


def all_cases():
    return sorted(path.parent for path in PCAPS.glob("*/trace.pcapng"))


def output(binary, case, form):
    """What `hopblame read` says of the capture, with whatever exit code."""
    command = [binary, "read", "trace.pcapng", "--format", form, "--color", "never"]
    return subprocess.run(command, cwd=case, capture_output=True, timeout=60).stdout


def comments(binary, case):
    """The comments of the ticket's capture: of the whole, then of packets by their number."""
    with tempfile.TemporaryDirectory(prefix="hopblame-golden.") as folder:
        ticket.save(binary, case / "trace.pcapng", folder)
        capture = (pathlib.Path(folder) / "trace.pcapng").read_bytes()
    lines = [ticket.section_comment(capture)]
    lines += [f"{number}: {line}" for number, (_, text) in enumerate(ticket.frames(capture), 1)
              for line in text.splitlines()]
    return "".join(f"{line}\n" for line in lines).encode()


def has_ticket(case):
    return not (case.name.endswith("-v6") and (case.parent / f"{case.name[:-3]}-v4").exists())


def now(binary, case):
    """(name, bytes) of every expectation."""
    for name, form in {**FORMS, **(TICKET_FORMS if has_ticket(case) else {})}.items():
        yield name, output(binary, case, form)
    if has_ticket(case):
        yield "expected.comments", comments(binary, case)


def differing(binary, case):
    """The expectations that do not hold, as (file, bytes now)."""
    for name, told in now(binary, case):
        path = case / name
        if not path.exists() or path.read_bytes() != told:
            yield path, told
