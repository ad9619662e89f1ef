"""The interface or its queue fails while probes leave."""
import signal

import stage
from faults.kit import caveat, expect, fault, not_sure_and_wrong, same_verdict
from stage import run


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


def unasked_within(report):
    """Of a hop the queue may have dropped every probe: the place reaches over it then."""
    first, last = report["culprit"]["first_hop"], report["culprit"]["last_hop"]
    return any(hop["target_flow"] == "not-asked" for hop in report["path"] if first < hop["hop"] < last)


def throttled(play, scenario):
    run("tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "64kbit", "burst", "200", "limit", "300")
    ending = play.probe()
    for complaint in same_verdict(ending, scenario):
        if not (complaint.startswith("culprit hops") and unasked_within(ending.report)):
            yield complaint
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
    the first sends ask for the route and the links."""
    refusals = ["-e", "inject=connect:error=EMSGSIZE", "-e", "inject=sendto:error=EMSGSIZE:when=3+"]
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
