#!/usr/bin/env python3
"""bare_test.py HOPBLAME [--bless]: the packets of every golden trace without what hopblame wrote down beside them, as
tcpdump would have kept a run of it. Less can be said of them, and nothing that is sure may blame anybody else than who
did it. pcaps/bare.tsv holds what is said."""
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import cases
import foreign_test

sys.path += [str(cases.ROOT / "tests/lab"), str(cases.ROOT / "tests/support")]
import judge  # noqa: E402
import scenarios  # noqa: E402
from capture_files import INTERFACE, PACKET, pcapng_blocks  # noqa: E402

SECTION, RESOLUTION = 0x0A0D0D0A, 9
EXPECTED = cases.PCAPS / "bare.tsv"
# Traces keep few bytes of each packet: what a service says, and how long the run waited for it, are not among them.
BY_WORDS_OR_PATIENCE = {"max-startups", "tarpit", "silent-service"}


def option(options, wanted):
    """The bytes of this option, with its header."""
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack_from("=HH", options, at)
        end = at + 4 + (size + 3) // 4 * 4
        if code == wanted:
            return options[at:end]
        at = end
    return b""


def block(kind, body):
    size = struct.pack("=I", len(body) + 12)
    return struct.pack("=I", kind) + size + body + size


def bare(capture):
    """Interfaces and packets, and nothing of their options but the unit of time."""
    blocks = []
    for kind, body in pcapng_blocks(capture):
        if kind == SECTION:
            blocks.append(block(kind, body[:16]))
        elif kind == INTERFACE:
            blocks.append(block(kind, body[:8] + option(body[8:], RESOLUTION)))
        elif kind == PACKET:
            size = struct.unpack_from("=I", body, 12)[0]
            blocks.append(block(kind, body[:20 + (size + 3) // 4 * 4]))
    return b"".join(blocks)


def reading(binary, case, folder):
    """What is said of the target; None where none of the packets asks it."""
    target = json.loads((case / "expected.json").read_text())["target"]
    address = f"[{target['address']}]" if ":" in target["address"] else target["address"]
    path = pathlib.Path(folder) / f"{case.name}.pcapng"
    path.write_bytes(bare((case / "trace.pcapng").read_bytes()))
    done = subprocess.run([binary, "read", "--json", "--target", f"{address}:{target['port']}", path],
                          capture_output=True, timeout=60)
    return json.loads(done.stdout.splitlines()[0]) if done.stdout.strip() else None


def wrong_blame(case, found):
    """None when nothing that is sure is wrong."""
    scenario = re.sub(r"-v[46]$", "", case.name)
    row, culprit = scenarios.load().get(scenario), found["culprit"]
    if found["culprit"]["confidence"] == "weak" or not row:
        return None
    if found["outcome"] == "open" and "open" not in row.outcomes and scenario not in BY_WORDS_OR_PATIENCE:
        return f"{case.name}: open, it is {' or '.join(row.outcomes)}"
    if row.truth and culprit["kind"] != "none" and not judge.holds(culprit, row.truth):
        return f"{case.name}: blames {culprit}, it was hop {row.truth.first}"
    return None


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    now, wrong = [], []
    with tempfile.TemporaryDirectory(prefix="hopblame-bare.") as folder:
        for case in cases.all_cases():
            found = reading(binary, case, folder)
            now.append(foreign_test.line_of(case.name, found) if found else f"{case.name}\tnobody asks")
            wrong.append(wrong_blame(case, found) if found else None)
    wrong = [text for text in wrong if text]
    before = EXPECTED.read_text().splitlines() if EXPECTED.exists() else []
    if "--bless" in sys.argv:
        EXPECTED.write_text("\n".join(now) + "\n")
    different = sorted(set(before) ^ set(now))
    print("\n".join([*different, *wrong]) or f"{len(now)} traces as expected")
    return 1 if different or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
