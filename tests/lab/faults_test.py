#!/usr/bin/env python3
"""faults_test.py HOPBLAME FAULT [TIMES]: something goes wrong on this machine while a run is being made. It must
not hang, not blame the wrong one, name the reason, and leave whole files or none. 77: it could not run here."""
import collections
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import judge
import lab
import scenarios
import stage
from stage import at, run

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


# The interface.

@fault("host-drop")
def interface_down_and_up(play):
    play.start()
    play.after(0.4)
    run("ip", "link", "set", "eth0", "down")
    play.after(1.2)
    run("ip", "link", "set", "eth0", "up")
    run("ip", "route", "replace", "default", "via", "192.0.2.1")
    ending = play.end()
    yield from expect(ending, 1, 3)
    yield from caveat(ending, "interface-lost")
    yield from not_sure_and_wrong(ending, 3, 4)
    yield from play.ticket_is_whole()
    return ending


@fault("host-drop")
def interface_deleted(play):
    play.start()
    play.after(0.4)
    run("ip", "link", "del", "eth0")
    ending = play.end()
    yield from expect(ending, 3)
    yield from caveat(ending, "interface-lost")
    if ending.seconds > 3:
        yield "it went on without an interface"
    yield from play.ticket_is_whole()
    return ending


@fault("host-drop")
def capture_drops(play):
    """While it is stopped it reads nothing, and its buffer overflows."""
    play.start()
    play.after(0.5)
    play.process.send_signal(signal.SIGSTOP)
    stage.beside("r1", "flood", "left", "40000").wait(30)
    play.process.send_signal(signal.SIGCONT)
    ending = play.end()
    yield from expect(ending, 1, 3)
    yield from caveat(ending, "capture-drops")
    if not ending.report["packets"]["capture_drops"]:
        yield "no drop counted"
    if ending.report["culprit"]["confidence"] == "certain":
        yield "certain, with holes in the capture"
    yield from play.ticket_is_whole()
    return ending


# Sending.

def throttled(play, scenario):
    run("tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "64kbit", "burst", "200", "limit", "300")
    ending = play.probe()
    yield from same_verdict(ending, scenario)
    yield from play.ticket_is_whole()
    if "path-loss" in ending.caveats():
        yield "packets this machine dropped count as lost on the path"
    dropped = run("tc", "-s", "qdisc", "show", "dev", "eth0")
    if "dropped 0," in dropped:
        yield f"the queue dropped nothing: {dropped}"
    return ending


@fault("open", needs=["tc"])
def queue_full_open(play):
    return (yield from throttled(play, "open"))


@fault("host-drop", needs=["tc"])
def queue_full_dropped(play):
    return (yield from throttled(play, "host-drop"))


@fault("r2-reset", needs=["tc"])
def queue_full_reset(play):
    return (yield from throttled(play, "r2-reset"))


def local(ending, *words):
    yield from expect(ending, 1)
    if ending.report["outcome"] != "local" or ending.report["culprit"]["kind"] != "this-host":
        yield "this machine is not blamed"
    text = str(ending.report)
    yield from (f"{word} is not named" for word in words if word not in text)


@fault("open")
def send_eperm(play):
    run("nft", "add table inet own; add chain inet own out { type filter hook output priority 0; }; "
        "add rule inet own out tcp dport 22 reject")
    ending = play.probe()
    yield from local(ending, "local-output-filter")
    return ending


@fault("open")
def send_enetunreach(play):
    run("ip", "route", "del", "default")
    ending = play.probe()
    yield from local(ending, "local-route", "ENETUNREACH")
    return ending


@fault("open")
def send_ehostunreach(play):
    run("ip", "route", "add", "unreachable", play.target)
    ending = play.probe()
    yield from local(ending, "local-route", "EHOSTUNREACH")
    return ending


@fault("r2-reset", needs=["strace"])
def send_emsgsize(play):
    """No interface that takes IP is too small for a SYN (68 bytes, 1280 in IPv6), so strace says it for the kernel;
    the first three sends ask for the route."""
    refusals = ["-e", "inject=connect:error=EMSGSIZE", "-e", "inject=sendto:error=EMSGSIZE:when=4+"]
    ending = play.probe(before=["strace", "-f", "-qq", "-o", "/dev/null", *refusals])
    yield from local(ending, "EMSGSIZE")
    yield from play.ticket_is_whole()
    return ending


@fault("host-drop")
def route_lost_on_the_way(play):
    play.start()
    play.after(0.6)
    run("ip", "route", "del", "default")
    ending = play.end()
    yield from expect(ending, 1, 3)
    yield from caveat(ending, "not-sent")
    yield from not_sure_and_wrong(ending, 3, 4)
    return ending


@fault("r2-reset", "6")
def smallest_mtu(play):
    """The least IPv6 allows: nothing of ours is larger."""
    run("ip", "link", "set", "eth0", "mtu", "1280")
    ending = play.probe()
    yield from same_verdict(ending, "r2-reset")
    return ending


@fault("r2-reset", needs=["strace"])
def interrupted_calls(play):
    """Every third wait, send and write is interrupted, more often than a timer could."""
    calls = "inject=ppoll,sendto,write,fsync:error=EINTR:when=2+3"
    ending = play.probe(before=["strace", "-f", "-qq", "-o", "/dev/null", "-e", calls])
    yield from same_verdict(ending, "r2-reset")
    yield from play.ticket_is_whole()
    return ending


# Output.

def nothing_saved(play):
    if play.files():
        yield f"left behind: {sorted(play.files())}"


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


# Signals.

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


# Rights and resources.

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
        loaded = "error while loading shared libraries" not in ending.err
        if ending.code == 1:
            worked += 1
            yield from same_verdict(ending, "r2-reset")
            yield from play.ticket_is_whole()
        elif loaded and (ending.code != 4 or "emory" not in ending.err):
            yield f"with {megabytes} MB: {ending}"
    if worked == 0:
        yield "it never worked"
    return ending


# Names.

def name_server(answer):
    """A resolver at 127.0.0.53 that does with each query what `answer` says."""
    import socket
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.53", 53))
    pathlib.Path("/run/resolv.conf").write_text("nameserver 127.0.0.53\n")
    run("mount", "--bind", "/run/resolv.conf", "/etc/resolv.conf")

    def serve():
        while True:
            query, client = server.recvfrom(512)
            threading.Thread(target=lambda: [server.sendto(reply, client) for reply in answer(query)], daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()


def pointer(query, *labels):
    """The query answered with a name of these labels."""
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    header = query[:2] + b"\x81\x80" + query[4:6] + b"\0\1\0\0\0\0"
    question = query[12:query.index(b"\0", 12) + 5]
    return header + question + b"\xc0\x0c\0\x0c\0\1\0\0\0\x3c" + len(name).to_bytes(2, "big") + name


def names(ending):
    return [name for hop in ending.report["path"] for name in hop["names"] if name]


def without_names(play, answer):
    name_server(answer)
    usual = play.probe("--numeric", save=False)
    ending = play.probe()
    yield from same_verdict(ending, "r2-reset")
    if names(ending):
        yield f"names: {names(ending)}"
    if ending.seconds > usual.seconds + 2:
        yield f"names cost {ending.seconds - usual.seconds:.1f} s"
    return ending


def slowly(query):
    time.sleep(5)
    return [pointer(query, b"late", b"example")]


@fault("r2-reset")
def dns_dead(play):
    return (yield from without_names(play, lambda query: []))


@fault("r2-reset")
def dns_slow(play):
    return (yield from without_names(play, slowly))


@fault("r2-reset")
def dns_nonsense(play):
    return (yield from without_names(play, lambda query: [query[:2] + b"\xff" * 500, b"", query[:2]]))


@fault("r2-reset")
def dns_lying(play):
    """Control characters, markup and a name of another machine: shown as what they are, or not at all."""
    nasty = [b"\x1b[2J<script>", b"a\nb`|", b"203-0-113-10", b"example"]
    name_server(lambda query: [pointer(query, *nasty)])
    ending = play.probe()
    yield from same_verdict(ending, "r2-reset")
    for name in stage.TICKET - {"trace.pcapng"}:
        text = (play.ticket / name).read_bytes()
        if b"\x1b" in text or b"<script" in text:
            yield f"{name} holds the name as it came"
    return ending


# Somebody else.

@fault("host-drop")
def forgeries(play):
    """He knows addresses and ports, not our numbers, and sends some thousands of answers of his own."""
    attacker = stage.beside("r1", "forge", "left", "4000", "2.5")
    ending = play.probe()
    sent = int(attacker.communicate(timeout=20)[0])
    yield from same_verdict(ending, "host-drop")
    yield from caveat(ending, "forged-replies")
    counted = ending.report["packets"]["rejected_as_forged"]
    if not 1000 <= counted <= sent:
        yield f"{counted} of {sent} forgeries counted"
    yield from play.ticket_is_whole()
    return ending


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
