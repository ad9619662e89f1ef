#!/usr/bin/env python3
"""man_page_test.py HOPBLAME PAGE: the manual page names every option that --help of some command names, and no other."""
import re
import subprocess
import sys

COMMANDS = ("probe", "read", "compare", "watch", "demo", "explain")
OPTION = re.compile(r"(?<![\w-])(--?[a-z46][\w-]*)")


def offered(program):
    options = set()
    for command in COMMANDS:
        text = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            if line.startswith("  -"):
                options.update(OPTION.findall(line[:28].split(" Excludes")[0]))
    return options


def described(page):
    tags = re.findall(r"^\.TP\n(.*)", page.replace(r"\-", "-"), re.M)
    return {option for tag in tags for option in OPTION.findall(re.sub(r"\\f.", "", tag))}


def main():
    program, path = sys.argv[1:]
    with open(path, encoding="ascii") as file:
        page = file.read()
    options, told = offered(program), described(page)
    assert "--save" in options and "-4" in options, options
    for option in sorted(options - told):
        print("not in the manual page:", option)
    for option in sorted(told - options):
        print("no such option:", option)
    return 0 if options == told else 1


if __name__ == "__main__":
    sys.exit(main())
