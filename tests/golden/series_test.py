#!/usr/bin/env python3
"""series_test.py HOPBLAME: a capture cut into files, as tcpdump and dumpcap cut them, reads as the whole; files that
do not go on where the one before ended are captures of their own."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

sys.path.append(str(ROOT / "tests/support"))
from capture_files import PCAP_HEADER, pcap_records  # noqa: E402


def cut(capture, places, folder, name):
    """Files `name(number)` that begin at these records."""
    all_records = [packet for _, packet in pcap_records(capture)]
    ends = [*places[1:], len(all_records)]
    files = []
    for number, (first, end) in enumerate(zip(places, ends)):
        files.append(folder / name(number))
        files[-1].write_bytes(capture[:PCAP_HEADER] + b"".join(all_records[first:end]))
    return files


def read(binary, files, *options):
    return subprocess.run([binary, "read", *files, *options], capture_output=True, text=True, timeout=60).stdout


def by_dumpcap(number):
    return f"x_{number + 9:05}_202611291015{number:02}.pcap"


def by_tcpdump(number):
    return f"x.pcap{number or ''}"


def complaints(binary, path, folder):
    capture = path.read_bytes()
    times = [time for time, _ in pcap_records(capture)]
    whole = read(binary, [path], "--json")
    thirds = sorted({0, len(times) // 3, 2 * len(times) // 3})
    files = cut(capture, thirds, folder, by_dumpcap)
    if read(binary, files, "--json") != whole:
        yield f"{path.name}: cut by dumpcap it is another capture"
    if read(binary, reversed(files), "--json") != whole:
        yield f"{path.name}: the order in which its files are named matters"
    for place in (next((i for i in range(1, len(times)) if near(times, i)), 0),
                  next((i for i in range(1, len(times)) if not near(times, i)), 0)):
        if place == 0:
            continue
        files = cut(capture, [0, place], folder, by_tcpdump)
        one = "(2 files, one capture)" in read(binary, files)
        if one != near(times, place):
            yield f"{path.name}: cut before packet {place + 1} by tcpdump it is {'' if one else 'not '}one capture"
        if near(times, place) and read(binary, files, "--json") != whole:
            yield f"{path.name}: cut by tcpdump it is another capture"


def halves(capture, folder):
    """Of one end, as dumpcap would have cut it."""
    folder.mkdir()
    return cut(capture, [0, len(list(pcap_records(capture))) // 2], folder, by_dumpcap)


def compare(binary, files):
    return subprocess.run([binary, "compare", *files, "--json"], capture_output=True, text=True, timeout=60)


def both_ends(binary, case, folder):
    """A pair of captures, whole and each in two files."""
    ends = [case / f"{end}.pcap" for end in ("client", "server")]
    client, server = (halves(end.read_bytes(), folder / end.stem) for end in ends)
    if compare(binary, [*client, *server]).stdout != compare(binary, ends).stdout:
        yield f"{case.name}: in pieces it is another pair"
    for files, word in ([*client, *server, ends[0]], "3"), ([*client, ends[1], client[0]], "mergecap"):
        refused = compare(binary, files)
        if refused.returncode != 2 or word not in refused.stderr:
            yield f"{case.name}: {len(files)} files of no two ends: {refused.stderr}"


def near(times, place):
    return max(times[:place]) <= times[place] <= max(times[:place]) + 10**9


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    wrong, seen = [], 0
    for path in sorted((ROOT / "pcaps/foreign").glob("*.pcap")):
        with tempfile.TemporaryDirectory(prefix="hopblame-series.") as folder:
            wrong += complaints(binary, path, pathlib.Path(folder))
        seen += 1
    with tempfile.TemporaryDirectory(prefix="hopblame-series.") as folder:
        wrong += both_ends(binary, ROOT / "pcaps/compare-syn-lost", pathlib.Path(folder))
    print("\n".join(wrong) or f"{seen} captures, whole and in pieces: the same")
    return 1 if wrong or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
