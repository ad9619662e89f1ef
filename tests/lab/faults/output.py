"""What is written cannot be."""
import os

from faults.kit import expect, fault, same_verdict, says
from stage import run


@fault("r2-reset")
def disk_full(play):
    play.ticket.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(play.ticket))
    ending = play.probe()
    yield from expect(ending, 4)
    yield from says(ending, "No space left on device", "all that was saved is", *play.files())
    yield from same_verdict(ending, "r2-reset")
    if "trace.pcapng" not in play.files() or "report.html" in play.files():
        yield f"what fits is saved, what does not is not: {sorted(play.files())}"
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
