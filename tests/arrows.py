#!/usr/bin/env python3
"""Fails when a file includes what its folder may not: src -> capture -> analysis/model, src -> analysis;
inside analysis: analyse -> {plan, verdict} -> path -> correlate -> model. Analysis has no clock,
socket, file, thread or log. Fails as well when two types of one namespace share a name: no compiler
sees both, and the linker keeps one of their destructors."""
import pathlib
import re
import sys

ALLOWED = {
    "analysis/model": {"analysis/model"},
    "analysis/correlate": {"analysis/correlate", "analysis/model"},
    "analysis/path": {"analysis/path", "analysis/correlate", "analysis/model"},
    "analysis/verdict": {"analysis/verdict", "analysis/path", "analysis/correlate", "analysis/model"},
    "analysis/plan": {"analysis/plan", "analysis/path", "analysis/correlate", "analysis/model"},
    "analysis/offline": {"analysis/offline", "analysis", "analysis/verdict", "analysis/path",
                         "analysis/correlate", "analysis/model"},
    "analysis/compare": {"analysis/compare", "analysis/path", "analysis/correlate", "analysis/model"},
    "analysis": {"analysis", "analysis/plan", "analysis/verdict", "analysis/path",
                 "analysis/correlate", "analysis/model"},
    "capture": {"capture", "analysis/model"},
    "src": {"src", "capture", "analysis", "analysis/compare", "analysis/offline", "analysis/plan", "analysis/verdict", "analysis/path",
            "analysis/correlate", "analysis/model"},
}
FORBIDDEN_IN_ANALYSIS = {
    "ctime", "fstream", "iostream", "thread", "mutex", "atomic", "filesystem", "cstdio", "random",
    "sys/socket.h", "unistd.h", "time.h", "pcap.h", "pcap/pcap.h",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def room(path):
    """The longest named folder that holds this path."""
    parts = pathlib.PurePath(path).parent.parts
    for size in range(len(parts), 0, -1):
        name = "/".join(parts[:size])
        if name in ALLOWED:
            return name
    return None


def violations(root):
    for top in ("analysis", "capture", "src"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in {".hpp", ".cpp"}:
                continue
            name = file.relative_to(root).as_posix()
            here = room(name)
            for kind, target in INCLUDE.findall(file.read_text()):
                if kind == '"':
                    there = room(target)
                    if there not in ALLOWED[here]:
                        yield f"{name}: {here} may not include {target}"
                elif top == "analysis":
                    third_party = "/" in target and not target.startswith(("fmt/", "arpa/inet.h"))
                    if target in FORBIDDEN_IN_ANALYSIS or third_party:
                        yield f"{name}: analysis may not include <{target}>"
                elif "CLI" in target and not name.startswith("src/cli"):
                    yield f"{name}: CLI11 belongs in src/cli only"


SCOPE = re.compile(r"^namespace ([\w:]+) \{|^(?:struct|class|enum class) (?:alignas\(\d+\) )?(\w+)[^;]*\{",
                   re.M)


def shared_names(root):
    known = {}
    for file in sorted(root.rglob("*.hpp")):
        name = file.relative_to(root).as_posix()
        if not name.startswith(("analysis/", "capture/", "src/")):
            continue
        scope = ""
        for match in SCOPE.finditer(file.read_text()):
            scope = match[1] or scope
            if match[2]:
                first = known.setdefault((scope, match[2]), name)
                if first != name:
                    yield f"{name}: {scope}::{match[2]} is the name of another type in {first}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [*violations(root), *shared_names(root)]
    print("\n".join(found) if found else "arrows: every include points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
