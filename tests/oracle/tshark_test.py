#!/usr/bin/env python3
"""tshark_test.py FIELDS ATTEMPTS: every stored capture and a generated one, all in one file, read by our decoder and by
tshark: addresses, ports, flags, numbers, ICMP types and codes, and what is quoted. 77: tshark is not installed."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

PCAPS = pathlib.Path(__file__).resolve().parents[2] / "pcaps"
FIELDS = ("frame.number ip.src ip.dst ipv6.src ipv6.dst tcp.srcport tcp.dstport tcp.flags tcp.seq tcp.ack icmp.type "
          "icmp.code icmpv6.type icmpv6.code").split()
MOST_SHOWN = 10


def merged(folder, attempts):
    """One after the other; what is no packet is left behind."""
    made, path = folder / "attempts.pcap", folder / "all.pcapng"
    with open(made, "wb") as file:
        subprocess.run([attempts, "2000"], stdout=file, stderr=subprocess.DEVNULL, check=True)
    stored = sorted([*PCAPS.glob("*/*.pcapng"), *PCAPS.glob("foreign/*.pcap*")])
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", path, made, *stored], check=True, stderr=subprocess.DEVNULL)
    return path, len(stored) + 1


def rows(path):
    command = ["tshark", "-n", "-r", path, "-o", "tcp.relative_sequence_numbers:FALSE", "-T", "fields", "-E", "separator=;"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        yield dict(zip(FIELDS, [value.split(",") if value else [] for value in line.split(";")]))


def addresses(row):
    """From, to; then of the quoted packet. A packet and its quote are of the same family."""
    v6 = row["icmpv6.type"] or not row["ip.src"]
    pairs = zip(row["ipv6.src" if v6 else "ip.src"], row["ipv6.dst" if v6 else "ip.dst"])
    return [word for pair in pairs for word in pair]


def line_of(row, ours):
    """As tests/oracle/fields.cpp writes it. How much of a quote can be read we are told by `ours`."""
    number = row["frame.number"][0]
    if len(ours) == 1:
        return [number]
    tcp = [row[field][0] for field in ("tcp.srcport", "tcp.dstport") if row[field]]
    types, codes = row["icmp.type"] or row["icmpv6.type"], row["icmp.code"] or row["icmpv6.code"]
    if not types:
        flags = f"0x{int(row['tcp.flags'][0], 16) & 0xff:02x}" if row["tcp.flags"] else ""
        return [number, *addresses(row)[:2], *tcp, flags, *row["tcp.seq"][:1], *row["tcp.ack"][:1]]
    ends = addresses(row)
    line = [number, *ends[:2], types[0], codes[0]]
    # Of the eight bytes of TCP that an ICMPv6 error may quote tshark shows the ports alone.
    quoted = [*ends[2:4], *tcp, *(row["tcp.seq"][:1] or ours[9:10])]
    return line + quoted if len(ours) > len(line) else line


def main():
    if not shutil.which("tshark") or not shutil.which("mergecap"):
        print("skipped: tshark is not installed")
        return 77
    fields, attempts = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        path, files = merged(pathlib.Path(folder), attempts)
        done = subprocess.run([fields, path], capture_output=True, text=True, check=True)
        ours = {line.split(" ")[0]: line.split(" ") for line in done.stdout.splitlines()}
        # Blocks without a packet have a number too; both programs count them, only tshark shows them.
        theirs = [row for row in rows(path) if row["frame.number"][0] in ours or any(row[field] for field in FIELDS[1:])]
    read, wrong, unread = 0, [], 0
    for row in theirs:
        mine = ours.get(row["frame.number"][0], row["frame.number"])
        read += len(mine) > 1
        unread += len(mine) == 1 and bool(row["tcp.flags"])
        if mine != line_of(row, mine):
            wrong.append((mine, line_of(row, mine)))
    for mine, other in wrong[:MOST_SHOWN]:
        print(f"we: {' '.join(mine)}\ntshark: {' '.join(other)}")
    print(f"{len(ours)} packets of {files} files, {read} with fields, {len(wrong)} read differently, {unread} TCP segments not read")
    return 1 if wrong or unread or len(ours) != len(theirs) or not read else 0


if __name__ == "__main__":
    sys.exit(main())
