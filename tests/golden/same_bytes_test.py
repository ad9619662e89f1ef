#!/usr/bin/env python3
"""same_bytes_test.py HOPBLAME [OTHER_BUILD]: the same file gives the same bytes, run after run, in any language,
time zone and working directory, and from another compiler's build where one is given."""
import hashlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["r2-reset-v4/trace.pcapng", "host-drop-all-v6/trace.pcapng", "foreign/closed-nmap.pcap"]
MANY = "closed-nmap.pcap"  # of its targets a page shows one
FAULT_FOUND = 1  # in each of them
PLACES = [{}, {"LANG": "C"}, {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"}, {"LANG": "tr_TR.UTF-8"}, {"LC_ALL": "C.UTF-8"},
          {"LC_ALL": "POSIX", "TZ": "Asia/Kathmandu"}, {"TZ": "America/St_Johns"}, {"TZ": "Pacific/Chatham"},
          {"TZ": ":/nonsense", "LANG": "xx_XX"}, {"TZ": "UTC0", "LANGUAGE": "ja"}]
FORMATS = ["text", "json", "md", "html"]


def said(binary, path, form, place, folder):
    command = [binary, "read", path, "--format", form, "--color", "never"]
    if path.name == MANY and form in ("md", "html"):
        command += ["--target", "203.0.113.10:22"]
    done = subprocess.run(command, capture_output=True, timeout=60, cwd=folder,
                          env={"PATH": os.environ["PATH"], **place})
    if done.returncode != FAULT_FOUND or not done.stdout:
        sys.exit(f"{path.name}, {form}: exit {done.returncode}, {len(done.stdout)} bytes; {done.stderr.decode()}")
    return hashlib.sha256(done.stdout).hexdigest()


def answers(binaries, name, times):
    path = ROOT / "pcaps" / name
    return {form: {said(binaries[run % len(binaries)], path, form, PLACES[run % len(PLACES)], ("/", "/tmp")[run % 2])
                   for run in range(times)} for form in FORMATS}


def main():
    binaries = [pathlib.Path(word).resolve() for word in sys.argv[1:]]
    wrong = [f"{name}, {form}: {len(found)} different answers" for name in FILES
             for form, found in answers(binaries, name, 25).items() if len(found) > 1]
    print("\n".join(wrong) or f"{len(FILES)} files, 100 runs each: the same bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
