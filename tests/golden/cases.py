"""The golden cases: pcaps/NAME/ holds trace.pcapng, expected.json, expected.txt and a README."""
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PCAPS = ROOT / "pcaps"
FORMS = {"expected.json": "json", "expected.txt": "text"}


def all_cases():
    return sorted(path.parent for path in PCAPS.glob("*/trace.pcapng"))


def output(binary, case, form):
    """What `hopblame read` says of the capture, with whatever exit code."""
    command = [binary, "read", "trace.pcapng", "--format", form, "--color", "never"]
    return subprocess.run(command, cwd=case, capture_output=True, timeout=60).stdout


def differing(binary, case):
    """The expectations that do not hold, as (file, bytes now)."""
    for name, form in FORMS.items():
        now = output(binary, case, form)
        path = case / name
        if not path.exists() or path.read_bytes() != now:
            yield path, now
