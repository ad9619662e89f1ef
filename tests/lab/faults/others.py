"""Somebody else answers, or the answers take another way."""
import pathlib

import stage
from faults.kit import caveat, expect, fault, same_verdict
from stage import run


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


def second_way_back(play, check):
    """What r1 has for the client goes over another link; `check`: the client's reverse path filter (ip-sysctl)."""
    client, other, router = ("192.0.2.10", "198.19.1.1", "198.19.1.2") if "." in play.target else \
        ("2001:db8:1::10", "2001:db8:b::1", "2001:db8:b::2")
    bits = "/30" if "." in play.target else "/64"
    run("ip", "link", "add", "name", "eth1", "type", "veth", "peer", "name", "back", "netns", "r1")
    for where, name, address in (([], "eth1", other), (["-n", "r1"], "back", router)):
        run("ip", *where, "link", "set", name, "up")
        run("ip", *where, "address", "add", address + bits, "dev", name, *(["nodad"] if ":" in address else []))
    run("ip", "-n", "r1", "route", "add", client, "via", other, "dev", "back")
    for name in ("all", "eth1"):
        pathlib.Path(f"/proc/sys/net/ipv4/conf/{name}/rp_filter").write_text(check)


@fault("closed")
def answers_elsewhere(play):
    second_way_back(play, "0")
    ending = play.probe()
    yield from same_verdict(ending, "closed")
    yield from caveat(ending, "answers-elsewhere")
    yield from play.ticket_is_whole()
    return ending


@fault("r2-drop", "6")
def answers_elsewhere_ipv6(play):
    second_way_back(play, "0")
    ending = play.probe()
    yield from same_verdict(ending, "r2-drop")
    yield from caveat(ending, "answers-elsewhere")
    yield from play.ticket_is_whole()
    return ending


@fault("open")
def answers_elsewhere_refused(play):
    """The kernel drops what comes in where its route to the sender does not lead."""
    second_way_back(play, "1")
    ending = play.probe()
    yield from expect(ending, 1)
    yield from caveat(ending, "answers-elsewhere")
    words = [found["mechanism"] for found in ending.report["explanations"]]
    if ending.report["outcome"] != "local" or words != ["local-input-filter"]:
        yield f"{ending.report['outcome']}: {words}"
    if "eth1.rp_filter" not in str(ending.report):
        yield "the reverse path filter is not named"
    yield from play.ticket_is_whole()
    return ending
