"""A resolver that is dead, slow or lies."""
import pathlib
import socket
import threading
import time

import stage
from faults.kit import fault, same_verdict
from stage import run


def name_server(answer):
    """A resolver at 127.0.0.53 that does with each query what `answer` says."""
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
