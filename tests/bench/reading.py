"""Running a program on a generated capture."""
import collections
import json
import os
import subprocess
import tempfile

OUTCOMES = ("total", "open", "refused", "rejected", "dropped", "other")
Run = collections.namedtuple("Run", "cpu memory out")


def measured(command):
    """CPU seconds, peak MiB, standard output as an open file: a child's peak begins with our own size, so we stay small."""
    out = tempfile.TemporaryFile()
    child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out)


def generate(attempts, arguments, path):
    """The capture to `path`; the truth about it."""
    with open(path, "wb") as file:
        made = subprocess.run([attempts, *arguments], stdout=file, stderr=subprocess.PIPE, check=True)
    return json.loads(made.stderr)


def lines(out):
    out.seek(0)
    return (json.loads(line) for line in out if line.strip())


def counted(out):
    """Of all targets together."""
    found = collections.Counter({word: 0 for word in OUTCOMES})
    for line in lines(out):
        found.update({word: line["attempts"][word] for word in OUTCOMES})
    return dict(found)


def agree(truth, found):
    """An attempt that was given up before an answer could be due is undecided: `other`."""
    silent = "dropped", "other"
    early = truth["total"] == truth["dropped"]
    plain = all(found[word] == truth[word] for word in OUTCOMES if not (early and word in silent))
    return plain and sum(found[word] for word in silent) == sum(truth[word] for word in silent)
