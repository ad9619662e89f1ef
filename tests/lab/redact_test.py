#!/usr/bin/env python3
"""redact_test.py HOPBLAME SCENARIO 4|6: a ticket of a real run and the redacted one of the same
capture: the same verdict, and none of the addresses, names and MACs in any of its four files."""
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import lab
import scenarios

sys.path.append(str(scenarios.ROOT / "tests/support"))
from capture_files import pcapng_link_types  # noqa: E402

FILES = ("report.html", "report.md", "report.json", "trace.pcapng")


def addresses(text):
    """Every IP address a report names, but for those that mean the same everywhere."""
    for word in set(re.findall(r"[0-9a-fA-F.:]{3,}", text)):
        try:
            address = ipaddress.ip_address(word.strip(".:") if "::" not in word else word.rstrip("."))
        except ValueError:
            continue
        if not (address.is_loopback or address.is_unspecified or address.is_multicast):
            yield address


def macs_of(link_type, frame):
    """Ethernet; Linux cooked, old and new."""
    return (frame[at:at + 6] for at in {113: (6,), 276: (12,)}.get(link_type, (0, 6)))


def secrets(ticket):
    """What must not appear: (description, bytes)."""
    capture = (ticket / "trace.pcapng").read_bytes()
    macs = {mac for packet in pcapng_link_types(capture) for mac in macs_of(*packet)}
    for mac in macs:
        if not mac[0] & 1 and any(mac):
            yield f"MAC {mac.hex(':')}", mac
            yield f"MAC {mac.hex(':')}", mac.hex(":").encode()
    report = (ticket / "report.json").read_text() + (ticket / "report.md").read_text()
    for address in set(addresses(report)):
        yield f"address {address}", address.packed
        yield f"address {address}", rb"(?<![0-9a-f.:])" + re.escape(str(address)).encode() + rb"(?![0-9a-f:]|\.?[0-9])"
    for hop in json.loads((ticket / "report.json").read_text())["path"]:
        for name in filter(None, hop["names"]):
            yield f"name {name}", name.encode()


def leaks(plain, redacted):
    known = set(secrets(plain))
    for what, secret in known:
        pattern = secret if secret.startswith(b"(?<!") else re.escape(secret)
        for name in FILES:
            if re.search(pattern, (redacted / name).read_bytes()):
                yield f"{what} is in {name}"


def too_little(plain):
    """A test that looks for nothing finds nothing."""
    known = set(secrets(plain))
    if len([what for what, _ in known if what.startswith("MAC")]) < 4 or len(known) < 10:
        yield f"too little to look for: {known}"


def essence(ticket):
    """The verdict without addresses."""
    report = json.loads((ticket / "report.json").read_text())
    culprit = report["culprit"]
    return (report["outcome"], culprit["kind"], culprit["first_hop"], culprit["last_hop"],
            culprit["confidence"], report["icmp"] and report["icmp"]["code"],
            [(why["mechanism"], why["rank"], [fact["packets"] for fact in why["because"]])
             for why in report["explanations"]],
            [(hop["hop"], hop["target_flow"], hop["control_flow"]) for hop in report["path"]])


def bad_checksums(ticket):
    """How many checksums tshark calls wrong; 0 where there is no tshark."""
    checks = [f"-o{name}.check_checksum:TRUE" for name in ("ip", "tcp", "udp")]
    try:
        out = subprocess.run(["tshark", "-r", ticket / "trace.pcapng", "-V", *checks],
                             capture_output=True, timeout=60).stdout
    except FileNotFoundError:
        return 0
    return out.count(b"[Checksum Status: Bad]") + out.count(b"[Header checksum status: Bad]")


def complaints(binary, plain, redacted):
    yield from too_little(plain)
    yield from leaks(plain, redacted)
    if essence(plain) != essence(redacted):
        yield f"another verdict:\n  {essence(plain)}\n  {essence(redacted)}"
    if lab.read(binary, redacted).out != (redacted / "report.json").read_bytes():
        yield "read back, the redacted capture gives another report"
    if bad_checksums(plain) != bad_checksums(redacted):
        yield f"{bad_checksums(plain)} wrong checksums before, {bad_checksums(redacted)} after"


def main():
    binary, name, family = sys.argv[1:]
    row = scenarios.load()[name]
    if reason := lab.missing(row):
        lab.skip(reason)
    with tempfile.TemporaryDirectory(prefix="hopblame-lab.") as folder:
        plain, redacted = pathlib.Path(folder) / "plain", pathlib.Path(folder) / "redacted"
        lab.probe(binary, row, family, plain)
        done = subprocess.run([binary, "read", plain / "trace.pcapng", "--json", "--redact",
                               "--save", redacted], capture_output=True, timeout=60)
        if b"built without" in done.stderr:
            lab.skip(done.stderr.decode())
        wrong = list(complaints(binary, plain, redacted))
    print("\n".join(f"WRONG: {text}" for text in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
