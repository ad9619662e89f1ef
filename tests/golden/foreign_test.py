#!/usr/bin/env python3
"""foreign_test.py HOPBLAME [--bless]: captures of other tools at work in the lab, pcaps/foreign/SCENARIO-TOOL.pcap.
Each must give the stored line, and the line must not blame anybody but who did it."""
import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "pcaps/foreign"
# scenario: outcome (any of), the hop that did it, what it did
TRUTH = {
    "r2-reset": (("refused",), 2, "middlebox-reset"),
    "r2-drop": (("dropped",), 2, "filter-drop"),
    "r2-admin": (("rejected", "unreachable"), 2, "icmp-reject-router"),
    "host-port-unreach": (("rejected",), 4, "icmp-reject-host"),
    "host-down": (("unreachable",), 4, "host-down"),
    "closed": (("refused",), 4, "closed-port"),
    "open": (("open",), 0, "listening"),
    "ban": (("dropped",), 3, "probe-ban"),
    "injected": (("refused",), 3, "injected-reset"),
    "synproxy": (("silent-service",), 2, "syn-proxy"),
    "silent-service": (("silent-service",), 4, "data-blocked"),
    "wrappers": (("closed-early",), 4, "accept-then-close"),
    "loop": (("unreachable",), 2, "routing-loop"),
    "return-drop": (("dropped",), 2, "answer-lost"),
    "local-input-drop": (("local", "dropped"), 0, "local-input-filter"),
    "queue-full": (("dropped",), 4, "accept-queue-full"),
    "mid-forged-rst": (("closed-early",), 2, "injected-reset"),
    "mid-silence": (("silent-service",), 2, "data-blocked"),
    "mid-keepalive": (("silent-service",), 2, "data-blocked"),
    "mid-prohibited": (("silent-service",), 2, "icmp-reject-router"),
    "mid-host-gone": (("silent-service",), 4, "host-down"),
    "mid-killed": (("closed-early",), 4, "accept-then-close"),
    "mid-window-0": (("silent-service",), 4, "data-blocked"),
    "mid-half-closed": (("open",), 0, "listening"),
    "mid-mtu": (("silent-service",), 2, "data-blocked"),
}


def objects(binary, capture):
    done = subprocess.run([binary, "read", "--json", capture], capture_output=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def line_of(name, found):
    culprit = found["culprit"]
    where = f"{culprit['kind']} {culprit['first_hop']}..{culprit['last_hop']} {culprit['address']}"
    mechanisms = " ".join(f"{item['rank']}:{item['mechanism']}" for item in found["explanations"])
    attempts = " ".join(f"{key}={found['attempts'][key]}" for key in ("total", "open", "refused", "rejected", "dropped", "other"))
    return "\t".join([name, str(found["target"]["port"]), found["outcome"], where, culprit["confidence"],
                      mechanisms or "-", attempts])


def holds(culprit, hop):
    first, last = culprit["first_hop"], culprit["last_hop"]
    return (first is None or first <= hop) and (last is None or hop <= last)


def wrong_blame(name, found):
    """None when the line blames who did it, or a set that he is in, or says why it blames nobody."""
    caveats = {caveat["id"] for caveat in found["caveats"]}
    away = name.startswith("at-")  # captured there: hops count from there
    if "captured-midway" in caveats and not away:
        return f"{name}: taken for a capture of somewhere else than the client"
    if found["outcome"] == "inconclusive" and not caveats - {"client-inferred", "no-walk"}:
        return f"{name}: no caveat says why it is inconclusive"
    truth = next((value for key, value in TRUTH.items() if f"{name}-".startswith(f"{key}-") or f"-{key}-" in name), None)
    if truth is None or name.startswith("other-") or found["target"]["port"] not in (22, 7000) or found["outcome"] == "inconclusive":
        return None
    outcome, hop, mechanism = truth
    if found["outcome"] not in outcome:
        return f"{name}: {found['outcome']} instead of {' or '.join(outcome)}"
    if not away and not holds(found["culprit"], hop) or (found["culprit"]["kind"] == "destination" and hop == 2):
        return f"{name}: blames {found['culprit']}, it was hop {hop}"
    if mechanism not in [item["mechanism"] for item in found["explanations"]]:
        return f"{name}: {mechanism} is not among the explanations"
    return None


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    now, wrong = [], []
    for capture in sorted(FOLDER.glob("*.pcap")):
        for found in objects(binary, capture):
            now.append(line_of(capture.stem, found))
            wrong.append(wrong_blame(capture.stem, found))
    wrong = [text for text in wrong if text]
    expected = FOLDER / "expected.tsv"
    before = expected.read_text().splitlines()
    if "--bless" in sys.argv:
        expected.write_text("\n".join(now) + "\n")
    different = sorted(set(before) ^ set(now))
    print("\n".join([*different, *wrong]) or f"{len(now)} targets as expected")
    return 1 if different or wrong or not now else 0


if __name__ == "__main__":
    sys.exit(main())
