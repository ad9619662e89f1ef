"""Inside a scenario of the lab: hopblame as a child process to which things happen, and the namespaces around
it. A test starts itself again in there with `enter` and plays with a `Stage`."""
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import lab
import scenarios

HERE = pathlib.Path(__file__).resolve().parent
MOST_SECONDS = 40
TICKET = {"report.html", "report.md", "report.json", "trace.pcapng"}


@dataclasses.dataclass
class Ending:
    code: int  # negative: the signal that killed it
    out: str
    err: str
    seconds: float

    @property
    def report(self):
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def caveats(self):
        return {caveat["id"] for caveat in self.report["caveats"]} if self.report else set()

    def __str__(self):
        what = self.report and (self.report["outcome"], self.report["culprit"]["kind"], self.report["culprit"]["first_hop"],
                                self.report["culprit"]["last_hop"], self.report["culprit"]["confidence"])
        return f"exit {self.code} after {self.seconds:.1f} s, {what}, {sorted(self.caveats())}, said: {self.err.strip()}"


class Stage:
    def __init__(self, binary, target, folder):
        self.binary, self.target = str(binary), target
        self.folder = pathlib.Path(folder)
        self.ticket = self.folder / "ticket"
        self.options = []  # of every run

    def start(self, *options, before=(), stdout=None, save=True, **more):
        """hopblame probe of the target with a ticket; `before` are words in front of the command."""
        command = [*before, self.binary, "probe", self.target, "--json", *self.options, *options]
        command += ["--save", str(self.ticket)] if save else []
        self.begin, self.begun = time.monotonic(), None
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE if stdout is None else stdout, **more)
        return self.process

    def end(self):
        """Waits for it; a hang is an error of its own."""
        try:
            out, err = self.process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            return Ending(-9, "", f"it hung: {err}", time.monotonic() - self.begin)
        return Ending(self.process.returncode, out or "", err, time.monotonic() - self.begin)

    def probe(self, *options, **more):
        self.start(*options, **more)
        return self.end()

    def confined(self):
        """It has given up its rights: probing begins."""
        try:
            return "\nSeccomp:\t2" in pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except FileNotFoundError:
            return True

    def after(self, seconds):
        """So long after the first probe, however slow the start was."""
        if not self.begun:
            while not self.confined() and self.process.poll() is None and time.monotonic() < self.begin + MOST_SECONDS:
                time.sleep(0.005)
            self.begun = time.monotonic()
        time.sleep(max(0, self.begun + seconds - time.monotonic()))

    def files(self):
        return {entry.name for entry in self.ticket.iterdir()} if self.ticket.is_dir() else set()

    def ticket_is_whole(self):
        """Complaints: the four files, nothing temporary, and the capture tells the same story."""
        if self.files() != TICKET:
            yield f"the ticket holds {sorted(self.files())}"
            return
        again = lab.read(self.binary, self.ticket)
        live = json.loads((self.ticket / "report.json").read_text())
        if json.loads(again.out) != {**live, "command": "read"}:
            yield "the saved capture tells another story"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def at(namespace, *command):
    return ["nsenter", f"--net=/run/netns/{namespace}", "--", *command]


def beside(namespace, *words):
    """wire.py at work in a namespace, once it is ready."""
    worker = subprocess.Popen(at(namespace, sys.executable, str(HERE / "wire.py"), *words), stdout=subprocess.PIPE, text=True)
    if words[0] != "flood":
        worker.stdout.readline()
    return worker


def stop(worker):
    """What a worker printed until now."""
    worker.terminate()
    return worker.communicate(timeout=10)[0]


def main(script, cases, inside, scene, needs=()):
    """What a test of many cases does with its arguments: --list, HOPBLAME CASE, or, in the scenario, --inside. `scene`
    gives scenario and family of a case; `needs`: programs."""
    if sys.argv[1] == "--inside":
        return inside(*sys.argv[2:])
    if sys.argv[1] == "--list":
        print("\n".join(cases))
        return 0
    binary, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    absent = [word for word in needs if not shutil.which(word, path=lab.PATH)]
    if absent or os.geteuid():
        lab.skip(f"{', '.join(absent)} not installed" if absent else "it needs root")
    scenario, family = scene(name)
    if reason := lab.missing(scenarios.load()[scenario]):
        lab.skip(reason)
    done = enter(script, binary, scenario, family, name)
    print(f"{name}: {done.stdout}{done.stderr}", end="")
    return done.returncode


def enter(script, binary, scenario, family, *words):
    """Runs `script` inside a scenario: its arguments are --inside BINARY TARGET and the words."""
    command = ["bash", str(lab.LAB), scenario, family, sys.executable, script, "--inside", str(binary), "@TARGET", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=3 * MOST_SECONDS, stdin=subprocess.DEVNULL,
                          env={**os.environ, "HOPBLAME": str(binary)})
