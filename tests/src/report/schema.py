#!/usr/bin/env python3
"""Validates the JSON of every case against the schema that ships. Exit 77: could not run.

schema.py TEST_BINARY SCHEMA
"""
import json
import os
import subprocess
import sys
import tempfile

try:
    from jsonschema import Draft202012Validator as Validator
except ImportError:
    print("skipped: python3-jsonschema (with draft 2020-12) is not installed")
    sys.exit(77)


def lines_of(binary):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "reports.jsonl")
        subprocess.run([binary, "JSON: all cases can be written for the schema"], check=True,
                       env={**os.environ, "HOPBLAME_JSON_OUT": path}, stdout=subprocess.DEVNULL)
        with open(path, encoding="ascii") as file:
            return file.read().splitlines()


def refuses(validator, report, path, value):
    """A schema that accepts anything would pass every test: it must refuse this change."""
    changed = json.loads(json.dumps(report))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return not validator.is_valid(changed)


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        schema = json.load(file)
    Validator.check_schema(schema)
    validator = Validator(schema)
    reports = [json.loads(line) for line in lines_of(sys.argv[1])]
    faults = [f"{report['outcome']}: {error.json_path}: {error.message}"
              for report in reports for error in validator.iter_errors(report)]
    for path, value in ((["outcome"], "blocked"), (["started"], "yesterday"),
                        (["culprit", "confidence"], "sure"), (["target", "host"], ""),
                        (["packets", "sent"], -1), (["path", 0, "hop"], 0)):
        if not refuses(validator, reports[0], path, value):
            faults.append(f"the schema accepts {value!r} at {path}")
    print("\n".join(faults) if faults else f"{len(reports)} reports are valid")
    return 1 if faults or not reports else 0


if __name__ == "__main__":
    sys.exit(main())
