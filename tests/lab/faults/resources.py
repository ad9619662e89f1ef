"""Rights, files and memory are short."""
import pathlib
import shutil

from faults.kit import expect, fault, nothing_saved, same_verdict, says


@fault("open", needs=["setpriv"])
def no_permission(play):
    program = pathlib.Path("/run/hopblame")  # where anybody may run it
    shutil.copy(play.binary, program)
    play.binary = str(program)
    ending = play.probe(save=False, before=["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"])
    yield from expect(ending, 5)
    yield from says(ending, f"sudo setcap cap_net_raw+ep {program}", "--unprivileged")
    if ending.err.count("\n") != 1:
        yield "not one line"
    return ending


@fault("open")
def few_files(play):
    ending = play.probe(before=["bash", "-c", 'ulimit -n 16; exec "$@"', "-"])
    yield from expect(ending, 4)
    yield from says(ending, "Too many open files")
    yield from nothing_saved(play)
    return ending


@fault("r2-reset", needs=["prlimit"])
def little_memory(play):
    """With every amount it works or says what it lacks."""
    worked = 0
    for megabytes in (12, 16, 20, 24, 32, 48, 64, 96, 128, 256, 512):
        ending = play.probe("--force", before=["prlimit", f"--as={megabytes << 20}"])
        # By the loader, or by a library that begins before we do: our own end is told in our words.
        loaded = not any(words in ending.err for words in (
            "error while loading shared libraries", "terminate called without an active exception"))
        if ending.code == 1:
            worked += 1
            yield from same_verdict(ending, "r2-reset")
            yield from play.ticket_is_whole()
        elif loaded and (ending.code != 4 or "emory" not in ending.err):
            yield f"with {megabytes} MB: {ending}"
    if worked == 0:
        yield "it never worked"
    return ending
