#!/usr/bin/env python3
"""ticket_tools_test.py HOPBLAME TOOL: what other programs make of a ticket. tshark finds the comments, editcap and
tcpdump read the capture, and cmark renders the Markdown as one page.
77: the tool is not installed."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import cases
import ticket

CASES = ("r2-reset-v4", "host-drop-v6", "r2-admin-v6", "local-output-drop-v4", "max-startups-v4", "silent-service-v4")
TOOLS = {}


def tool(test):
    TOOLS[test.__name__.replace("_", "-")] = test
    return test


def out(*command, **options):
    return subprocess.run(command, capture_output=True, timeout=60, **options)


@tool
def tshark(_, folder, made):
    found = out("tshark", "-r", folder / "trace.pcapng", "-Y", 'frame.comment contains "hopblame"', "-T", "fields",
                "-e", "frame.number").stdout.split()
    if set(map(int, found)) != made.cited():
        yield f"the filter finds {found}, cited are {sorted(made.cited())}"
    said = out("capinfos", "-k", folder / "trace.pcapng").stdout.decode()
    if made.headlines()["report.md"] not in said:
        yield f"capinfos does not tell the answer: {said}"


@tool
def editcap(_, folder, made):
    short = folder / "short.pcapng"
    done = out("editcap", "-r", folder / "trace.pcapng", short, "1-2")
    packets = len(list(ticket.frames(made.capture)))
    if packets and (done.returncode or not short.stat().st_size):
        yield f"editcap: {done.stderr.decode()}"


@tool
def tcpdump(_, folder, made):
    done = out("tcpdump", "-nr", folder / "trace.pcapng")
    if done.returncode or len(done.stdout.splitlines()) != len(list(ticket.frames(made.capture))):
        yield f"tcpdump reads {len(done.stdout.splitlines())} packets: {done.stderr.decode()}"


@tool
def cmark(_, folder, made):
    page = out("cmark", folder / "report.md").stdout.decode()
    words = re.sub(r"<[^>]*>", "", page)
    if "<!-- raw HTML omitted -->" in re.sub(r"<td>.*|\|.*", "", page):
        yield "raw HTML outside the table"
    if page.count("<h1>") != 1 or "<h2>Because</h2>" not in page:
        yield "the headings are not headings"
    for command in (line for step in made.report["next_steps"] for line in step["commands"]):
        escaped = command.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        if f"{escaped}\n" not in words:
            yield f"the command {command} is not as it was"
    if page.count("<ol>") != bool(made.report["next_steps"]):
        yield f"{page.count('<ol>')} lists of steps: one was broken off by what stands in it"


def main():
    binary, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if not shutil.which(name):
        print(f"skipped: {name} is not installed")
        return 77
    wrong = []
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="hopblame-ticket.") as room:
            folder = pathlib.Path(room) / "ticket"
            ticket.save(binary, cases.PCAPS / case / "trace.pcapng", folder)
            wrong += [f"{case}: {text}" for text in TOOLS[name](binary, folder, ticket.Ticket(folder))]
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
