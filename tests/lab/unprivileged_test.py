#!/usr/bin/env python3
"""unprivileged_test.py HOPBLAME SCENARIO: `probe --unprivileged` by a user without any right: the outcome, the ICMP
message of the error queue, a caveat that says what is missing, and never more than weak blame of a device. Read
back, its ticket says the same. 77: it could not run here."""
import os
import shutil
import sys
import tempfile

import lab
import stage

# scenario: family, outcome, a mechanism that must be listed, ICMP type and code and sender
CASES = {
    "open": ("4", "open", "listening", None),
    "closed": ("6", "refused", "closed-port", None),
    "r2-reset": ("4", "refused", "middlebox-reset", None),
    "host-drop": ("4", "dropped", "filter-drop", None),
    "r2-admin": ("4", "rejected", "icmp-reject-router", (3, 13, "198.51.100.2")),
    "host-admin": ("6", "rejected", "icmp-reject-host", (1, 1, "2001:db8:4::10")),
    "r2-no-route": ("6", "unreachable", "no-route", (1, 0, "2001:db8:2::2")),
    "host-down": ("4", "unreachable", "host-down", (3, 1, "198.51.100.6")),
    "gateway-dead": ("4", "local", "local-neighbour", (3, 1, "192.0.2.10")),
    "local-output-reject": ("4", "local", "local-output-filter", (3, 3, "192.0.2.10")),
    "no-local-route": ("4", "local", "local-route", None),
    "wrappers": ("4", "closed-early", "accept-then-close", None),
    "silent-service": ("4", "silent-service", "data-blocked", None),
}


def complaints(ending, outcome, mechanism, icmp):
    report = ending.report
    if not report:
        yield f"no report: {ending}"
        return
    if report["outcome"] != outcome:
        yield f"outcome {report['outcome']}, not {outcome}"
    if mechanism not in {why["mechanism"] for why in report["explanations"]}:
        yield f"{mechanism} is not listed"
    if "unprivileged" not in ending.caveats():
        yield "it does not say what is missing"
    if report["culprit"]["confidence"] == "certain" and report["culprit"]["kind"] not in ("none", "this-host"):
        yield "certain of a device it never saw"
    told = report["icmp"] and (report["icmp"]["type"], report["icmp"]["code"], report["icmp"]["from"])
    if told != icmp:
        yield f"ICMP {told}, not {icmp}"
    if report["packets"]["sent"] or report["path"]:
        yield "it speaks of packets"
    yield from schema(report)


def schema(report):
    try:
        import json

        import jsonschema
    except ImportError:
        return
    text = (lab.LAB.parents[1] / "report/hopblame-1.schema.json").read_text()
    yield from (error.message for error in jsonschema.Draft202012Validator(json.loads(text)).iter_errors(report))


def inside(binary, target, name):
    program = "/run/hopblame"
    shutil.copy(binary, program)
    with tempfile.TemporaryDirectory(prefix="hopblame-lab.") as folder:
        os.chmod(folder, 0o777)
        play = stage.Stage(program, target, folder)
        ending = play.probe("--unprivileged", before=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                                      "--inh-caps=-all", "--bounding-set=-all"])
        wrong = [*complaints(ending, *CASES[name][1:]), *play.ticket_is_whole()]
    print(ending)
    print("".join(f"WRONG: {text}\n" for text in wrong), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(stage.main(__file__, CASES, inside, lambda name: (name, CASES[name][0]), ("setpriv",)))
