#!/usr/bin/env python3
"""compare_captures.py HOPBLAME ATTEMPTS [COUNT [SEED]]: CPU and memory of `hopblame compare` on generated captures of both
ends, and of merely reading the two one after the other."""
import os
import sys
import tempfile

import both_ends
import reading


def row(name, run, base):
    print(f"  {name:28}{run.cpu:9.3f} s{run.cpu / base:8.2f} x{run.memory:8.0f} MiB", flush=True)


def capture(hopblame, attempts, title, made, ways):
    with tempfile.TemporaryDirectory() as folder:
        client, server = os.path.join(folder, "client"), os.path.join(folder, "server")
        packets = reading.generate(attempts, made, client)["packets"]
        print(f"{title}: {packets} packets at the client, {both_ends.write_server_end(client, server)} at the server")
        base = sum(reading.measured([hopblame, "read", end]).cpu for end in (client, server))
        for options in ways:
            run = reading.measured([hopblame, "compare", client, server, *options])
            row(" ".join(["compare", *options]), run, base)


def main():
    hopblame, attempts = sys.argv[1:3]
    count, seed = (sys.argv[3:4] or ["200000"])[0], (sys.argv[4:5] or ["1"])[0]
    plain, all_of_them = [], ["--all"]
    capture(hopblame, attempts, "one target", ["mix", count, seed, "1"], [plain, ["--json"]])
    capture(hopblame, attempts, "a thousand targets", ["mix", count, seed, "1000"], [plain, all_of_them])
    capture(hopblame, attempts, "flood of SYNs", ["flood", count], [plain])


if __name__ == "__main__":
    main()
