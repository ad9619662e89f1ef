#!/usr/bin/env python3
"""compare_targets_test.py HOPBLAME: of two captures that hold several targets `compare` tells of the worst, or of the one that
--target names; with --all a line each, worst first, in text as in JSON; whichever order the two are given in."""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))
from capture_files import pcap_records  # noqa: E402

PCAPS = ROOT / "pcaps"
TARGET, MORE = "203.0.113.10:22", "203.0.113.10:2222"


def with_port(frame, old, new):
    """Its TCP ports `old` are `new`, and the checksum fits (RFC 1624)."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return frame
    at = 14 + (frame[14] & 15) * 4
    source, destination = struct.unpack_from(">HH", frame, at)
    changed = [new if port == old else port for port in (source, destination)]
    total = ~struct.unpack_from(">H", frame, at + 16)[0] & 0xffff
    total += sum(changed) + (~source & 0xffff) + (~destination & 0xffff)
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    head = struct.pack(">HH", *changed) + frame[at + 4:at + 16] + struct.pack(">H", ~total & 0xffff)
    return frame[:at] + head + frame[at + 18:]


def records(case, end):
    return list(pcap_records((PCAPS / case / f"{end}.pcap").read_bytes()))


def both(first, second, end):
    """The second capture, to another port, at the time of the first."""
    bases = [records(case, "client")[0][0] for case in (first, second)]
    moved = [(at - bases[1] + bases[0], record[:16] + with_port(record[16:], 22, 2222))
             for at, record in records(second, end)]
    header = (PCAPS / first / f"{end}.pcap").read_bytes()[:24]
    out = [header]
    for at, record in sorted(records(first, end) + moved, key=lambda one: one[0]):
        out.append(struct.pack("<II", at // 10**9, at % 10**9 // 1000) + record[8:])
    return b"".join(out)


def complaints(binary, folder):
    files = [pathlib.Path(folder) / f"{end}.pcap" for end in ("client", "server")]
    for path in files:
        path.write_bytes(both("compare-open", "compare-closed", path.stem))

    def compare(*options):
        return subprocess.run([binary, "compare", *files, *options], capture_output=True, text=True, timeout=60)

    lines = [json.loads(line) for line in compare("--all", "--json").stdout.splitlines()]
    told = [(one["target"]["port"], one["outcome"], len(one["compare"]["attempts"])) for one in lines]
    if told != [(2222, "refused", 1), (22, "open", 1)]:
        yield f"JSON: {told}"
    worst = json.loads(compare("--json").stdout)
    if worst["target"]["port"] != 2222:
        yield f"the worst: {worst['target']}"
    text = compare("--all")
    starts = [line.split(" ")[0] for line in text.stdout.splitlines() if not line.startswith(" ")]
    if starts != [f"{MORE}:", f"{TARGET}:", "2"] or text.returncode != 1:
        yield f"exit {text.returncode}: {text.stdout}"
    for target, code in ((TARGET, 0), (MORE, 1), ("203.0.113.10:23", 3)):
        if compare("--target", target).returncode != code:
            yield f"--target {target}: not {code}"
    for form in (("--format", "md"), ("--save", folder + "/ticket")):
        if compare("--all", *form).returncode != 2:
            yield f"{form[0]}: of several targets"
    if compare("--save", folder + "/ticket", "--target", TARGET).returncode != 0:
        yield "no ticket of one target"
    yield from other_order(binary)


def other_order(binary):
    """The packets tell which capture is the client's: each case is judged as in the right order, and it is said."""
    for case in sorted(PCAPS.glob("compare-*")):
        files = [*case.glob("client.*"), *case.glob("server.*")]
        told = []
        for order in (files, files[::-1]):
            done = subprocess.run([binary, "compare", *order, "--json"], capture_output=True, text=True, timeout=60)
            report = json.loads(done.stdout)
            caveats = [one["id"] for one in report["caveats"]]
            told.append((done.returncode, report["outcome"], report["culprit"], report["target"]["port"]))
        if told[0] != told[1] or "captures-swapped" not in caveats:
            yield f"{case.name} in the other order: {told} {caveats}"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="hopblame-compare.") as folder:
        wrong = list(complaints(binary, folder))
    print("\n".join(wrong) or "a line for each target")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
