#!/usr/bin/env python3
"""privilege_test.py HOPBLAME CASE: what a running hopblame may still do, by /proc/PID/status, and whose files it
writes: as root, with the file capability, set-user-ID. 77: it could not run here."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

import lab
import stage

NOBODY = 65534
CASES = {}


def case(play):
    CASES[play.__name__.replace("_", "-")] = play
    return play


def copied(play, mode=0o755, capability=None):
    """The program where anybody may run it, with other rights."""
    play.binary = "/run/hopblame"
    shutil.copy(play.program, play.binary)
    os.chmod(play.binary, mode)
    if capability:
        stage.run("setcap", capability, play.binary)


def as_nobody():
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]


def status(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines())


def has_nothing_left(play):
    """Once packets may come in: no capability, no way to get one, and a filter of system calls."""
    play.after(1)
    now = status(play.process)
    for name in ("CapPrm", "CapEff", "CapAmb", "CapInh"):
        if int(now[name], 16):
            yield f"{name} is {now[name]}"
    for name, wanted in (("NoNewPrivs", "1"), ("Seccomp", "2")):
        if now[name] != wanted:
            yield f"{name} is {now[name]}"
    if play.nobody and set(now["Uid"].split()) != {str(NOBODY)}:
        yield f"Uid is {now['Uid']}"


def owned_by(path, owner):
    if path.stat().st_uid != owner:
        yield f"{path.name} belongs to {path.stat().st_uid}"


def runs(play, before=()):
    """A whole run: confined in its midst, and a ticket at the end."""
    play.start(before=before)
    yield from has_nothing_left(play)
    ending = play.end()
    if ending.code != 1:
        yield f"{ending}"
    yield from play.ticket_is_whole()
    for name in play.files():
        yield from owned_by(play.ticket / name, NOBODY if play.nobody else 0)


def may_not_write(play, before):
    """Into a folder of root's that nobody may read but not write."""
    closed = pathlib.Path("/run/closed")
    closed.mkdir(mode=0o755)
    play.ticket = closed / "ticket"
    ending = play.probe("--tries", "1", before=before)
    if ending.code != 4 or "Permission denied" not in ending.err or list(closed.iterdir()):
        yield f"it wrote where the user may not: {ending}, {list(closed.iterdir())}"
    secret = pathlib.Path("/run/secret.pcap")
    secret.write_bytes(b"secret")
    secret.chmod(0o600)
    done = subprocess.run([*before, play.binary, "read", str(secret)], capture_output=True, text=True)
    if done.returncode != 5 or "Permission denied" not in done.stderr or "sudo chmod a+r" not in done.stderr:
        yield f"it read what the user may not: {done.stderr}"


@case
def as_root(play):
    yield from runs(play)


@case
def file_capability(play):
    play.nobody = True
    copied(play, capability="cap_net_raw+ep")
    yield from runs(play, as_nobody())
    yield from may_not_write(play, as_nobody())


@case
def file_capability_permitted(play):
    """As the package sets it: the program raises it itself, and starts where nothing may have it."""
    play.nobody = True
    copied(play, capability="cap_net_raw+p")
    yield from runs(play, as_nobody())
    done = subprocess.run([*as_nobody(), "--bounding-set=-net_raw", play.binary, "--version"], capture_output=True)
    if done.returncode != 0:
        yield f"it does not start without the right: {done.stderr}"


@case
def set_user_id(play):
    play.nobody = True
    copied(play, mode=0o4755)
    yield from runs(play, as_nobody())
    yield from may_not_write(play, as_nobody())


@case
def root_in_a_folder_of_somebody(play):
    """As under sudo: what it writes belongs to the owner of the folder."""
    play.nobody = True
    yield from runs(play)


@case
def unprivileged(play):
    play.nobody = True
    copied(play)
    yield from runs(play, [*as_nobody(), "env"])


def inside(binary, target, name):
    folder = pathlib.Path("/run/of-nobody" if name != "as-root" else "/run/of-root")
    folder.mkdir()
    if name != "as-root":
        os.chown(folder, NOBODY, NOBODY)
    play = stage.Stage(binary, target, folder)
    play.program, play.nobody = binary, False
    if name == "unprivileged":
        play.options = ["--unprivileged"]
    wrong = list(CASES[name](play))
    print("".join(f"WRONG: {text}\n" for text in wrong) or "right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(stage.main(__file__, CASES, inside, lambda name: ("host-drop", "4"), ("setpriv", "setcap")))
