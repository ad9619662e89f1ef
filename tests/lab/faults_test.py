#!/usr/bin/env python3
"""faults_test.py HOPBLAME FAULT [TIMES]: something goes wrong on this machine while a run is being made. It must
not hang, not blame the wrong one, name the reason, and leave whole files or none. 77: it could not run here."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import lab
import scenarios
import stage
from faults import interface, interruption, names, others, output, resources  # noqa: F401 (each adds its own)
from faults.kit import FAULTS, stepped


def inside(binary, target, name):
    with tempfile.TemporaryDirectory(prefix="hopblame-fault.") as folder:
        play = FAULTS[name].play(stage.Stage(binary, target, folder))
        wrong = 0
        while True:
            try:
                print(f"WRONG: {next(play)}")
                wrong += 1
            except StopIteration as end:
                print(f"{name}: {end.value}")
                break
        subprocess.run(["umount", f"{folder}/ticket"], capture_output=True)
    return 1 if wrong else 0


def main():
    if sys.argv[1] == "--inside":
        return inside(*sys.argv[2:])
    if sys.argv[1] == "--list":
        print("\n".join(sorted(FAULTS)))
        return 0
    binary, name, times = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], int((sys.argv[3:] or [1])[0])
    this = FAULTS[name]
    absent = [word for word in this.needs if not shutil.which(word, path=f"{lab.PATH}:{pathlib.Path(stepped(binary)).parent}")]
    if absent or os.geteuid():
        lab.skip(f"{', '.join(absent)} not installed" if absent else "it needs root")
    if reason := lab.missing(scenarios.load()[this.scenario]):
        lab.skip(reason)
    failed = 0
    for _ in range(times):
        done = stage.enter(__file__, binary, this.scenario, this.family, name)
        print(done.stdout + done.stderr, end="", flush=True)
        failed += done.returncode != 0
    if times > 1:
        print(f"{name}: {times - failed} of {times} right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
