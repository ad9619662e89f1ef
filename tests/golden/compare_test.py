#!/usr/bin/env python3
"""compare_test.py HOPBLAME [--bless]: two captures of the same attempt taken in the lab, pcaps/compare-NAME/client.* and
server.*. Each pair must give the stored bytes, and what is known to have happened to it."""
import json
import pathlib
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator as Validator
except ImportError:
    Validator = None

PCAPS = pathlib.Path(__file__).resolve().parents[2] / "pcaps"
FORMS = {"expected.json": "json", "expected.txt": "text"}
# case: exit code, outcome, finding of the attempts, the hops that did it (any of), the first mechanism
TRUTH = {
    "syn-lost": (1, "dropped", "request-lost", (2,), "filter-drop"),
    "answer-lost": (1, "dropped", "answer-lost", (2,), "answer-lost"),
    "forged-reset": (1, "refused", "reset-instead", (2,), "middlebox-reset"),
    "injected": (1, "refused", "reset-injected", (3,), "injected-reset"),
    "reset-on-data": (1, "closed-early", "reset-injected", (3,), "injected-reset"),
    "nat": (0, "open", "answered", (), "listening"),
    "open": (0, "open", "answered", (), "listening"),
    "probed": (0, "open", "answered", (), "listening"),
    "closed": (1, "refused", "refused-by-server", (4,), "closed-port"),
    "host-drop": (1, "dropped", "unanswered", (4,), "filter-drop"),
    "host-port-unreach": (1, "rejected", "rejected-by-server", (4,), "icmp-reject-host"),
    "silent-service": (1, "silent-service", "server-silent", (4,), "tarpit"),
    "cut-short": (1, "rejected", "not-shown", (4,), "icmp-reject-host"),
    "clock": (1, "refused", "reset-instead", (2,), "middlebox-reset"),
    "turned-away": (1, "closed-early", "turned-away", (4,), "connection-limit"),
    "input-drop": (1, "local", "answer-ignored", (0,), "local-input-filter"),
    "data-drop": (1, "local", "data-ignored", (0,), "local-input-filter"),
    "closes": (1, "closed-early", "closed-by-server", (4,), "accept-then-close"),
    "resets": (1, "closed-early", "closed-by-server", (4,), "accept-then-close"),
    # What nobody watched at the server is told by the client's capture alone.
    "late": (1, "refused", "not-covered", (), "closed-port"),
    "own-run": (1, "refused", "reset-instead", (2,), "middlebox-reset"),
}


def validator():
    return Validator(json.loads((PCAPS.parent / "src/report/hopblame-1.schema.json").read_text()))


def all_cases():
    return sorted(path for path in PCAPS.glob("compare-*") if path.is_dir())


def run(binary, case, form):
    ends = [next(case.glob(f"{end}.pcap*")).name for end in ("client", "server")]
    command = [binary, "compare", *ends, "--format", form, "--color", "never"]
    return subprocess.run(command, cwd=case, capture_output=True, timeout=60)


def complaints(binary, case):
    truth = TRUTH.get(case.name.removeprefix("compare-"))
    if truth is None:
        return [f"{case.name}: nobody says what happened"]
    code, outcome, finding, hops, mechanism = truth
    done = run(binary, case, "json")
    report = json.loads(done.stdout)
    wrong = [f"{error.json_path}: {error.message}" for error in validator().iter_errors(report)] if Validator else []
    culprit = report["culprit"]
    found = {attempt["finding"] for attempt in report["compare"]["attempts"]}
    if (done.returncode, report["outcome"]) != (code, outcome):
        wrong.append(f"exit {done.returncode}, {report['outcome']}")
    if found != {finding}:
        wrong.append(f"findings {found}")
    if (report["explanations"] or [{"mechanism": None}])[0]["mechanism"] != mechanism:
        wrong.append(f"explanations {[item['mechanism'] for item in report['explanations']]}")
    if not all((culprit["first_hop"] or 0) <= hop <= culprit["last_hop"] for hop in hops):
        wrong.append(f"blames {culprit}")
    return [f"{case.name}: {text}" for text in wrong]


def differing(binary, case):
    """The expectations that do not hold, as (file, bytes now)."""
    for name, form in FORMS.items():
        now = run(binary, case, form).stdout
        path = case / name
        if not path.exists() or path.read_bytes() != now:
            yield path, now


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    wrong = [text for case in all_cases() for text in complaints(binary, case)]
    changed = [pair for case in all_cases() for pair in differing(binary, case)]
    for path, now in changed:
        print(f"changed: {path.relative_to(PCAPS)}")
        if "--bless" in sys.argv:
            path.write_bytes(now)
    print("\n".join(wrong) or f"{len(all_cases())} pairs of captures as they happened")
    return 1 if wrong or changed or not all_cases() else 0


if __name__ == "__main__":
    sys.exit(main())
