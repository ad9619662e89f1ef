#!/usr/bin/env python3
"""courtesy_test.py HOPBLAME CASE: what a run costs others, counted on the wire at the first router and at the
target: bursts, rates, packets in all, ports. 77: it could not run here."""
import collections
import signal
import struct
import sys
import tempfile
import time

import lab
import stage
from wire import CLIENT_MAC

# What is promised: a burst, then so many a second.
Limit = collections.namedtuple("Limit", "burst rate")
OPENING, LATER, AT_TARGET, AT_HOP = Limit(40, 50), Limit(20, 50), Limit(20, 10), Limit(8, 5)
MOST_PACKETS = 130
STOP = 3.0

# name: scenario, and whether the run is stopped in its midst
CASES = {"silence": ("host-drop", False), "reset": ("r2-reset", False), "open": ("open", False),
         "blackhole": ("r2-blackhole", False), "no-icmp": ("no-icmp", False), "stopped": ("host-drop", True)}

Packet = collections.namedtuple("Packet", "at protocol destination limit ports flags")


def packet_of(line):
    """A probe in a line of wire.py, or None. The kernel's RST to an answer nobody asked it for is no probe."""
    at, _, frame = line.split()
    frame = bytes.fromhex(frame)
    if frame[12:14] != b"\x08\x00" or frame[23] not in (1, 6):
        return None
    tcp = frame[23] == 6
    flags = frame[47] if tcp else 0
    if flags & 0x04:
        return None
    return Packet(float(at), frame[23], frame[30:34], frame[22], struct.unpack("!HH", frame[34:38]) if tcp else None,
                  flags)


def packets_of(text, mac=None):
    lines = (line for line in text.splitlines() if not mac or line.split()[2].startswith(mac.hex(), 12))
    return [packet for packet in map(packet_of, lines) if packet]


def most_over(times, limit, slack=0.02):
    """The worst window: how many more packets than burst and rate allow within it."""
    worst = 0
    for i, begin in enumerate(times):
        for j in range(i, len(times)):
            worst = max(worst, j - i + 1 - limit.burst - limit.rate * (times[j] - begin + slack))
    return worst


def too_fast(what, packets, limit):
    over = most_over([packet.at for packet in packets], limit)
    if over > 0:
        yield f"{what}: {over:.1f} packets more than {limit.burst} and {limit.rate} a second, of {len(packets)}"


def too_rude(sent, arrived, port):
    """`sent` as the first router saw it, `arrived` as the target did."""
    print(f"{len(sent)} packets sent, {len(arrived)} arrived, in {sent[-1].at - sent[0].at:.1f} s; "
          f"{sum(p.at < sent[0].at + 0.1 for p in sent)} and {sum(p.at < sent[0].at + 0.1 for p in arrived)} "
          f"of them in the first tenth of a second")
    yield from too_fast("in all", sent, OPENING)
    yield from too_fast("at the target", arrived, AT_TARGET)
    for limit in {packet.limit for packet in sent if packet.limit < 30}:
        yield from too_fast(f"at hop {limit}", [p for p in sent if p.limit == limit], AT_HOP)
    if len(sent) > MOST_PACKETS:
        yield f"{len(sent)} packets, more than {MOST_PACKETS}"
    if len({packet.destination for packet in sent}) != 1:
        yield "more than one destination"
    ports = {packet.ports[1] for packet in sent if packet.ports}
    if len(ports) > 2 or port not in ports:
        yield f"ports {sorted(ports)}"


def watched(play, stopped):
    """One run; what the first router's near side and the target saw of it, and when it went on."""
    router, target = stage.beside("r1", "sniff", "left"), stage.beside("server", "sniff", "eth0")
    play.start(save=False)
    went_on = None
    if stopped:
        play.after(0.4)
        play.process.send_signal(signal.SIGSTOP)
        time.sleep(STOP)
        went_on = time.time()
        play.process.send_signal(signal.SIGCONT)
    ending = play.end()
    sent = packets_of(stage.stop(router), CLIENT_MAC)
    return ending, sent, packets_of(stage.stop(target), bytes.fromhex("020000000403")), went_on


def complaints(play, stopped):
    ending, sent, arrived, went_on = watched(play, stopped)
    if not sent:
        yield f"nothing seen: {ending}"
        return
    yield from too_rude(sent, arrived, 22)
    if went_on:
        after = [packet for packet in sent if packet.at >= went_on]
        if not after:
            yield "nothing was asked after the stop"
        yield from too_fast("after the stop", after, LATER)


def inside(binary, target, name):
    with tempfile.TemporaryDirectory(prefix="hopblame-lab.") as folder:
        wrong = list(complaints(stage.Stage(binary, target, folder), CASES[name][1]))
    print("".join(f"WRONG: {text}\n" for text in wrong), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(stage.main(__file__, CASES, inside, lambda name: (CASES[name][0], "4")))
