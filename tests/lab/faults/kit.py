"""What a fault of this machine is, and what may be expected of the run that met it."""
import collections
import pathlib

import judge
import scenarios

Fault = collections.namedtuple("Fault", "play scenario family needs")
FAULTS = {}


def fault(scenario, family="4", needs=()):
    def keep(play):
        FAULTS[play.__name__.replace("_", "-")] = Fault(play, scenario, family, needs)
        return play
    return keep


def expect(ending, *codes):
    if ending.code not in codes:
        yield f"exit {ending.code}, not {codes}"


def caveat(ending, word):
    if word not in ending.caveats():
        yield f"no caveat {word}"


def not_sure_and_wrong(ending, true_first, true_last):
    """The blame may be wide; it may not be certain of a place that is not the fault's."""
    blame = ending.report["culprit"]
    first, last = blame["first_hop"], blame["last_hop"]
    elsewhere = first is not None and last is not None and (last < true_first or first > true_last)
    if blame["confidence"] == "certain" and elsewhere:
        yield f"certain of {first}..{last}"


def same_verdict(ending, scenario):
    if ending.report is None:
        yield "no report"
        return
    yield from judge.complaints(ending.report, scenarios.load()[scenario])


def stepped(binary):
    """The same program with a clock that is set while it runs."""
    return str(pathlib.Path(binary).parent / "tests/lab/hopblame-stepped")


def says(ending, *words):
    yield from (f"it does not say '{word}'" for word in words if word not in ending.err)


def nothing_saved(play):
    if play.files():
        yield f"left behind: {sorted(play.files())}"
