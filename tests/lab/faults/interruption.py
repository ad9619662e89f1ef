"""Signals, and a clock that is set meanwhile."""
import signal
import time

import stage
from faults.kit import caveat, expect, fault, same_verdict, stepped


def asked_to_stop(play, number, times):
    play.start()
    play.after(0.6)
    for _ in range(times):
        play.process.send_signal(number)
        time.sleep(0.01)
    asked = time.monotonic()
    ending = play.end()
    yield from expect(ending, 128 + number)
    if time.monotonic() - asked > 1:
        yield "it did not stop at once"
    if times == 1:
        yield from caveat(ending, "interrupted")
        yield from play.ticket_is_whole()
    elif play.files() not in (set(), stage.TICKET):
        yield f"half a ticket: {sorted(play.files())}"
    return ending


@fault("host-drop")
def sigint(play):
    return (yield from asked_to_stop(play, signal.SIGINT, 1))


@fault("host-drop")
def sigterm(play):
    return (yield from asked_to_stop(play, signal.SIGTERM, 1))


@fault("host-drop")
def sigint_twice(play):
    return (yield from asked_to_stop(play, signal.SIGINT, 2))


@fault("host-drop")
def sigterm_twice(play):
    return (yield from asked_to_stop(play, signal.SIGTERM, 2))


@fault("host-drop")
def stopped_and_continued(play):
    play.start()
    play.after(0.5)
    play.process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    play.process.send_signal(signal.SIGCONT)
    ending = play.end()
    yield from same_verdict(ending, "host-drop")
    yield from play.ticket_is_whole()
    return ending


def clock_set(play, seconds):
    """Packets seen before keep their time, later ones get the right one: the hours of a step are in no round trip."""
    play.binary = stepped(play.binary)
    ending = play.probe("--numeric", before=["env", f"HOPBLAME_STEP={seconds}"])
    yield from same_verdict(ending, "host-drop")
    yield from caveat(ending, "clock-stepped")
    if ending.report["seconds"] > ending.seconds:
        yield f"{ending.report['seconds']} s of it were not there"
    trips = [hop["rtt_ms"] for hop in ending.report["path"] if hop["rtt_ms"] is not None]
    if not trips or not all(0 < trip < 1000 for trip in trips):
        yield f"round trips of {trips} ms"
    yield from play.ticket_is_whole()
    return ending


@fault("host-drop", needs=["hopblame-stepped"])
def clock_set_forward(play):
    return (yield from clock_set(play, 3600))


@fault("host-drop", needs=["hopblame-stepped"])
def clock_set_back(play):
    return (yield from clock_set(play, -3600))
