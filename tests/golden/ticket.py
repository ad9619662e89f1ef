"""A ticket folder, read as its reader would: what each of the four files says of the same run."""
import html
import json
import pathlib
import re
import struct
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from capture_files import pcapng_blocks, pcapng_packets  # noqa: E402

FILES = ("report.html", "report.md", "report.json", "trace.pcapng")
MARK = "hopblame: "
SECTION, NAMES, JOURNAL = 0x0A0D0D0A, 4, 0xBAD
COMMENT = 1


def save(binary, capture, folder, *options):
    """hopblame read --save: what it printed."""
    return subprocess.run([binary, "read", capture, "--json", "--save", folder, *options],
                          capture_output=True, timeout=60)


def compare(binary, case, folder, *options):
    ends = [next(case.glob(f"{end}.pcap*")) for end in ("client", "server")]
    return subprocess.run([binary, "compare", *ends, "--json", "--save", folder, *options],
                          capture_output=True, timeout=60)


def read(binary, capture):
    return subprocess.run([binary, "read", capture, "--json"], capture_output=True, timeout=60).stdout


def options(body):
    """(code, value) of the options that `body` consists of."""
    at = 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from("=HH", body, at)
        if code == 0:
            return
        yield code, body[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def comment(body):
    return next((value.decode() for code, value in options(body) if code == COMMENT), "")


def frames(capture):
    """(bytes, comment) of every packet; the first is packet 1."""
    for frame, more in pcapng_packets(capture):
        yield frame, comment(more)


def section_comment(capture):
    kind, body = next(pcapng_blocks(capture))
    assert kind == SECTION
    return comment(body[16:])


def with_journal(capture, change):
    """The capture with another journal: `change` gets it as an object and returns it."""
    text, rest = b"", b""
    for kind, body in pcapng_blocks(capture):
        if kind == JOURNAL:
            size = struct.unpack_from("=I", body, 20)[0]
            text, head = text + body[24:24 + size], body[:20]
        else:
            rest += struct.pack("=II", kind, len(body) + 12) + body + struct.pack("=I", len(body) + 12)
    text = json.dumps(change(json.loads(text))).encode()
    for at in range(0, len(text), 30000):
        piece = text[at:at + 30000]
        body = head + struct.pack("=I", len(piece)) + piece + b"\0" * (-len(piece) % 4)
        rest += struct.pack("=II", JOURNAL, len(body) + 12) + body + struct.pack("=I", len(body) + 12)
    return rest


class Ticket:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.bytes = {name: (folder / name).read_bytes() for name in FILES}
        self.page = self.bytes["report.html"].decode("ascii")
        self.markdown = self.bytes["report.md"].decode("ascii")
        self.report = json.loads(self.bytes["report.json"])
        self.capture = self.bytes["trace.pcapng"]

    def headlines(self):
        """The answer in one line, as three of the files put it."""
        page = re.search(r"<h1>(.*?)</h1>", self.page)[1]
        markdown = re.search(r"^\*\*(.*)\*\*$", self.markdown, re.M)[1]
        section = section_comment(self.capture).split("\n")[0].split(": ", 2)[2]
        return {"report.html": html.unescape(re.sub(r"<[^>]*>", "", page)),
                "report.md": re.sub(r"\\(.)", r"\1", markdown.replace("`", "")),
                "trace.pcapng": section}

    def mechanisms(self):
        """The words of the explanations, best first."""
        best = re.search(r"hopblame explain ([a-z-]+)", self.page)[1]
        page = [best, *re.findall(r"<li><b>([a-z-]+)</b>,", self.page)]
        best = re.search(r"hopblame explain ([a-z-]+)", self.markdown)[1]
        markdown = [best, *re.findall(r"^- \*\*([a-z-]+)\*\*,", self.markdown, re.M)]
        said = [item["mechanism"] for item in self.report["explanations"]]
        return {"report.html": page, "report.md": markdown, "report.json": said or [self.report["outcome"]]}

    def cited(self):
        """Packet numbers that the explanations and the deciding message cite."""
        numbers = {number for item in self.report["explanations"]
                   for side in ("because", "against") for fact in item[side] for number in fact["packets"]}
        return numbers | ({self.report["icmp"]["packet"]} if self.report["icmp"] else set())

    def commented(self):
        return {number for number, (_, text) in enumerate(frames(self.capture), 1) if MARK in text}
