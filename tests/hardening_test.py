#!/usr/bin/env python3
"""hardening_test.py HOPBLAME BUILD_TYPE: a release build is position independent, has its relocations read-only and
bound at start, no executable stack, stack protectors and fortified calls. 77: no readelf, or no release build."""
import shutil
import subprocess
import sys


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words], check=True, capture_output=True, text=True).stdout


def complaints(binary):
    header, segments = readelf("--file-header", binary), readelf("--program-headers", binary)
    dynamic, symbols = readelf("--dynamic", binary), readelf("--dyn-syms", binary)
    if "DYN (" not in header:
        yield "it is not position independent"
    if "GNU_RELRO" not in segments or "BIND_NOW" not in dynamic and "NOW" not in dynamic:
        yield "relocations are not read-only from the start"
    stack = next((line for line in segments.splitlines() if "GNU_STACK" in line), "")
    if not stack or "RWE" in stack:
        yield "the stack is executable"
    if "__stack_chk_fail" not in symbols:
        yield "no stack protector"
    if "_chk@" not in symbols.replace("__stack_chk_fail", ""):
        yield "no fortified call"
    if "RPATH" in dynamic or "RUNPATH" in dynamic:
        yield "it looks for libraries in a folder of its own"


def main():
    binary, build_type = sys.argv[1:]
    if not shutil.which("readelf") or build_type != "Release":
        print("skipped: no readelf" if build_type == "Release" else "skipped: not a release build")
        return 77
    wrong = list(complaints(binary))
    print("".join(f"WRONG: {text}\n" for text in wrong), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
