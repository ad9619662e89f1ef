"""Runs hopblame inside a scenario of the lab, and once more on what it saved."""
import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import time

from scenarios import ROOT

LAB = ROOT / "src/lab/lab.sh"
SKIP = 77
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
TIMEOUT_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Run:
    code: int
    out: bytes
    err: str
    seconds: float


def missing(row):
    """What keeps this machine from running the scenario; None when nothing does."""
    absent = [name for name in ("unshare", "ip", "nft", *row.needs) if not shutil.which(name, path=PATH)]
    if absent:
        return f"{', '.join(absent)} not installed"
    if os.geteuid() and {"sshd", "fail2ban-client"} & set(row.needs):
        return "a real daemon needs root"
    return refusal()


@functools.cache
def refusal():
    """What the lab says when it may not make namespaces here; None when it may."""
    done = subprocess.run(["bash", LAB, "closed", "4", "true"], capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else None


def run(command, **options):
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS,
                          stdin=subprocess.DEVNULL, **options)
    return Run(done.returncode, done.stdout, done.stderr.decode(errors="replace"),
               time.monotonic() - begin)


def probe(binary, row, family, save, *options):
    """hopblame probe of the scenario's target; the JSON is on `out`, the ticket in `save`."""
    command = ["bash", LAB, row.id, family, binary, "probe", "@TARGET", "--json", *options]
    return run([*command, "--save", save] if save else command,
               env={**os.environ, "HOPBLAME": str(binary)})


def read(binary, save):
    return run([binary, "read", pathlib.Path(save) / "trace.pcapng", "--json"])


def lacking(run):
    """What the kernel lacks for this network, in the lab's words; None when it stood."""
    return run.err.strip() if run.code == 4 and "lab: this kernel has not" in run.err else None


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)
