"""What is written cannot be."""
import os

from faults.kit import expect, fault, nothing_saved, same_verdict, says
from stage import run


@fault("r2-reset")
def disk_full(play):
    play.ticket.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(play.ticket))
    ending = play.probe()
    yield from expect(ending, 4)
    yield from says(ending, "No space left on device", "nothing was saved")
    yield from same_verdict(ending, "r2-reset")
    yield from nothing_saved(play)
    return ending


@fault("r2-reset")
def output_full(play):
    with open("/dev/full", "w") as full:
        ending = play.probe(stdout=full)
    yield from expect(ending, 4)
    yield from says(ending, "No space left on device")
    yield from play.ticket_is_whole()
    return ending


@fault("r2-reset")
def output_closed(play):
    ours, theirs = os.pipe()
    play.start(stdout=theirs)
    os.close(theirs)
    os.close(ours)
    ending = play.end()
    yield from expect(ending, 4)
    yield from says(ending, "Broken pipe")
    yield from play.ticket_is_whole()
    return ending
