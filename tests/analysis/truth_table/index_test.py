#!/usr/bin/env python3
"""index_test.py TEST_BINARY...: every tag in README.md has a test that runs, and every such tag of a test is there."""
import collections
import pathlib
import re
import subprocess
import sys

INDEX = pathlib.Path(__file__).with_name("README.md")
TAG = r"\[((?:line|group|trap|peer)-\d\d)\]"
EXPECTED = {"line": 38, "group": 12, "trap": 20, "peer": 19}


def tags_of(binary):
    """How many tests that are not hidden carry each tag."""
    listing = subprocess.run([binary, "--list-tags", "~[.]"], capture_output=True, text=True, timeout=60).stdout
    return re.findall(TAG, listing)


def main():
    listed = re.findall(r"^\| " + TAG, INDEX.read_text(), re.MULTILINE)
    tested = {tag for binary in sys.argv[1:] for tag in tags_of(binary)}
    wrong = [f"{tag} has no test" for tag in listed if tag not in tested]
    wrong += [f"{tag} of a test is not in {INDEX.name}" for tag in sorted(tested - set(listed))]
    wrong += [f"{tag} is listed {count} times" for tag, count in collections.Counter(listed).items() if count > 1]
    for kind, count in EXPECTED.items():
        have = sum(tag.startswith(kind) for tag in listed)
        if have != count:
            wrong.append(f"{have} tags of {kind}, not {count}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
