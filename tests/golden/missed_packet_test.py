#!/usr/bin/env python3
"""missed_packet_test.py HOPBLAME [CASE...]: captures miss packets, often several in a row. Of each pair of captures in
pcaps/compare-NAME each packet in turn is left out of one of the two, alone and with the next two. What is said then
may be less sure; it must not be another thing, said as if sure."""
import concurrent.futures
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))
from capture_files import PACKET, PCAP_HEADER, pcap_records, pcapng_blocks  # noqa: E402

PCAPS = ROOT / "pcaps"
ENDS = ("client", "server")
NOBODY = {"kind": "unknown", "first_hop": None, "last_hop": None, "confidence": "weak", "port": 0}
SURE = ("strong", "certain")
GAPS = (1, 3)
# What no packet that is left tells, with the reason.
ACCEPTED = {
    # The RST is gone: SYN and SYN/ACK at both ends and nothing more are an open port behind a filter on SYNs.
    ("injected", "client", 4, 1),
    # Of several attempts one SYN and its SYN/ACK: the port is open all the same, and a proxy is named beside it.
    *(("probed", "server", number, 3) for number in (8, 9, 16, 17, 24, 29)),
    # The only answer that came to one of the targets; the other is the worse one then.
    ("probed", "client", 14, 3), ("probed", "client", 15, 3),
    # The words that turn the client away, and the RST after them.
    ("turned-away", "server", 8, 3),
}


def pieces(capture):
    """(bytes, is a packet) of all that stands in a file, in order."""
    if capture[:4] == b"\x0a\x0d\x0d\x0a":
        for kind, body in pcapng_blocks(capture):
            size = struct.pack("=I", len(body) + 12)
            yield struct.pack("=I", kind) + size + body + size, kind == PACKET
        return
    yield capture[:PCAP_HEADER], False
    for _, record in pcap_records(capture):
        yield record, True


def with_a_gap(capture, length):
    """(number of the first packet that is missing, the file without it and the next ones)"""
    parts = list(pieces(capture))
    packets = [at for at, (_, is_packet) in enumerate(parts) if is_packet]
    for first in range(len(packets)):
        gap = packets[first:first + length]
        yield first + 1, b"".join(part for at, (part, _) in enumerate(parts) if at not in gap)


def verdict(binary, files):
    done = subprocess.run([binary, "compare", *files, "--json"], capture_output=True, timeout=60)
    if done.returncode == 3 and not done.stdout:  # no connection attempt is left
        return "inconclusive", set(), NOBODY
    report = json.loads(done.stdout)
    causes = {one["mechanism"] for one in report["explanations"] if one["rank"] == 1}
    return report["outcome"], causes, {**report["culprit"], "port": report["target"]["port"]}


def holds(wide, narrow):
    """Hops are counted from the client; an open end is one that nobody knows."""
    first, last = wide["first_hop"] or 0, wide["last_hop"]
    if narrow["first_hop"] is not None and first > narrow["first_hop"]:
        return False
    return last is None or (narrow["last_hop"] is not None and last >= narrow["last_hop"])


def is_another(known, told):
    outcome, causes, culprit = told
    if culprit["confidence"] not in SURE or outcome == "inconclusive":
        return False
    return outcome != known[0] or not causes & known[1] or not holds(culprit, known[2])


def text(told):
    outcome, causes, culprit = told
    where = f"{culprit['kind']} {culprit['first_hop']}..{culprit['last_hop']}"
    return f"{culprit['confidence']} {outcome}: {', '.join(sorted(causes))} ({where})"


def complaints(binary, case):
    files = {end: next(case.glob(f"{end}.pcap*")) for end in ENDS}
    known = verdict(binary, files.values())
    with tempfile.TemporaryDirectory(prefix="hopblame-missed.") as folder:
        for end in ENDS:
            path = pathlib.Path(folder) / files[end].name
            capture = files[end].read_bytes()
            for length, (number, rest) in ((length, gap) for length in GAPS for gap in with_a_gap(capture, length)):
                path.write_bytes(rest)
                told = verdict(binary, {**files, end: path}.values())
                accepted = (case.name.removeprefix("compare-"), end, number, length) in ACCEPTED
                if is_another(known, told) != accepted:
                    yield f"{case.name} without {length} of {end} from {number} on: {text(told)}, with them {text(known)}"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    cases = [path for path in sorted(PCAPS.glob("compare-*")) if path.is_dir()]
    if sys.argv[2:]:
        cases = [path for path in cases if path.name.removeprefix("compare-") in sys.argv[2:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [line for lines in pool.map(lambda case: list(complaints(binary, case)), cases) for line in lines]
    print("\n".join(wrong) or f"{len(cases)} pairs of captures, with gaps")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
