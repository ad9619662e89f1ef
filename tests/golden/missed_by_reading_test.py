#!/usr/bin/env python3
"""missed_by_reading_test.py HOPBLAME [SCENARIO...]: captures miss packets, begin late and end early. Each golden trace is read
without its journal, each packet in turn left out, and cut at three places from either end. Less may be said then; nothing that is
sure may blame anybody else than who did it, and a packet less may bring no outcome but the truth and what all packets say."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import bare_test
import cases

sys.path += [str(cases.ROOT / "tests/lab"), str(cases.ROOT / "tests/support")]
import scenarios  # noqa: E402
from capture_files import PACKET, pcapng_blocks  # noqa: E402

# What no packet that is left tells, with the reason.
ACCEPTED = {
    # The end of the only connection that came to one, or what told that it was coming.
    ("hosts-deny-v4", "without packet 43"), ("hosts-deny-v4", "without packet 45"),
    ("reset-on-data-v4", "without packet 46"), ("wrappers-v4", "without packet 31"),
    # The RST to the only SYN of a stack that also got a SYN/ACK.
    ("injected-v4", "without packet 50"),
    # One of the two answers, or its SYN: one that was let through is as if it came before the fault.
    ("rate-limit-v4", "without packet 62"), ("rate-limit-v4", "without packet 63"),
    # Of the connection that shows that nobody behind the proxy answers.
    ("synproxy-v4", "without packet 2"), ("synproxy-v4", "without packet 7"),
    # That the address passes the port on is told before.
    ("docker-dead-v4", "from packet 23 on"),
}


def parts_of(case):
    """(bytes, is a packet) of each block of the bare trace."""
    capture = bare_test.bare((case / "trace.pcapng").read_bytes())
    return [(bare_test.block(kind, body), kind == PACKET) for kind, body in pcapng_blocks(capture)]


def damaged(parts):
    """(what is done to it, whether it still holds all of the time, the file)"""
    packets = [at for at, (_, is_packet) in enumerate(parts) if is_packet]
    heads = [part for part, is_packet in parts if not is_packet]
    for number, left_out in enumerate(packets, 1):
        yield f"without packet {number}", True, [part for at, (part, _) in enumerate(parts) if at != left_out]
    for number in {len(packets) * share // 4 for share in (1, 2, 3)}:
        yield f"from packet {number + 1} on", False, heads + [parts[at][0] for at in packets[number:]]
        yield f"up to packet {number}", False, heads + [parts[at][0] for at in packets[:number]]


def reading(binary, target, path):
    done = subprocess.run([binary, "read", "--json", "--target", target, path], capture_output=True, timeout=60)
    return json.loads(done.stdout.splitlines()[0]) if done.stdout.strip() else None


def is_sure(found):
    return found["culprit"]["confidence"] != "weak" and found["outcome"] != "inconclusive"


def complaint(case, whole, found, all_time):
    """The fault may come after what is left of a trace, or have been over before it."""
    row = scenarios.load().get(re.sub(r"-v[46]$", "", case.name))
    known = {*row.outcomes, whole["outcome"]} if row else {whole["outcome"]}
    if is_sure(found) and all_time and found["outcome"] not in known:
        return f"{found['outcome']}, it is {' or '.join(sorted(known))}"
    if found["outcome"] == "open" or found["culprit"]["first_hop"] is None:
        return None
    return bare_test.wrong_blame(case, found)


def complaints(binary, case):
    target = json.loads((case / "expected.json").read_text())["target"]
    host = f"[{target['address']}]" if ":" in target["address"] else target["address"]
    target = f"{host}:{target['port']}"
    parts = parts_of(case)
    wrong = []
    with tempfile.TemporaryDirectory(prefix="hopblame-missed.") as folder:
        path = pathlib.Path(folder) / f"{case.name}.pcapng"
        path.write_bytes(b"".join(part for part, _ in parts))
        whole = reading(binary, target, path)
        if not whole:
            return []
        for done, all_time, blocks in damaged(parts):
            path.write_bytes(b"".join(blocks))
            found = reading(binary, target, path)
            text = complaint(case, whole, found, all_time) if found else None
            if bool(text) != ((case.name, done) in ACCEPTED):
                causes = [one["mechanism"] for one in found["explanations"] if one["rank"] == 1] if found else []
                wrong.append(f"{case.name} {done}: {text} ({', '.join(causes)})")
    return wrong


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    # What packets miss is the same in both families.
    chosen = [case for case in cases.all_cases() if case.name.endswith("-v4")]
    if sys.argv[2:]:
        chosen = [case for case in chosen if case.name.removesuffix("-v4") in sys.argv[2:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [line for lines in pool.map(lambda case: complaints(binary, case), chosen) for line in lines]
    print("\n".join(wrong) or f"{len(chosen)} traces, damaged in each way")
    return 1 if wrong or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
