#!/usr/bin/env python3
"""encapsulation_test.py HOPBLAME: the same sessions in every link type and file format give the same verdict, byte for
byte. Frames that are not IP are left out everywhere, because most link types cannot carry them."""
import gzip
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))
from capture_files import pcap_records  # noqa: E402

FOREIGN = ROOT / "pcaps/foreign"
SESSIONS = ["r2-reset-mtr", "host-port-unreach-ssh", "r2-drop-traceroute", "other-wrappers-ncat", "v6-closed-mtr",
            "v6-r2-drop-ssh"]
MACS = bytes.fromhex("020000000101020000000110")
ETHERTYPE = {4: 0x0800, 6: 0x86dd}
PPP = {4: 0x0021, 6: 0x0057}
FAMILY = {4: 2, 6: 10}  # AF_INET, AF_INET6 of Linux


def sessions(path):
    """(seconds, microseconds, IP packet) of a pcap of Ethernet."""
    for at, record in pcap_records(path.read_bytes()):
        frame = record[16:]
        if frame[12:14] in (b"\x08\x00", b"\x86\xdd"):
            yield at // 10**9, at % 10**9 // 1000, frame[14:]


def ethernet(*tags):
    return lambda ip, v: MACS + b"".join(tags) + struct.pack(">H", ETHERTYPE[v]) + ip


def pppoe(ip, v):
    return struct.pack(">BBHHH", 0x11, 0, 1, len(ip) + 2, PPP[v]) + ip


def wifi(ip, v):
    """A data frame to the access point, without QoS; LLC and SNAP."""
    header = struct.pack("<HH", 0x0108, 0) + MACS[:6] + MACS[6:] + MACS[:6] + b"\x10\x00"
    return header + bytes.fromhex("aaaa03000000") + struct.pack(">H", ETHERTYPE[v]) + ip


def outer(protocol, content):
    """An IPv4 packet between two other hosts, on Ethernet."""
    return MACS + struct.pack(">HBBHHHBBH4s4s", 0x0800, 0x45, 0, 20 + len(content), 7, 0, 60, protocol, 0,
                              bytes([10, 9, 9, 1]), bytes([10, 9, 9, 2])) + content


def datagram(port, content):
    return outer(17, struct.pack(">HHHH", 55555, port, 8 + len(content), 0) + content)


LINKS = {
    "EN10MB": (1, ethernet()),
    "VLAN": (1, ethernet(bytes.fromhex("81000064"))),
    "QinQ": (1, ethernet(bytes.fromhex("88a80064"), bytes.fromhex("8100000a"))),
    "MPLS": (1, lambda ip, v: MACS + bytes.fromhex("8847" "00010040" "00011140") + ip),
    "PPPoE on Ethernet": (1, lambda ip, v: MACS + b"\x88\x64" + pppoe(ip, v)),
    "PPP_ETHER": (51, pppoe),
    "RAW 12": (12, lambda ip, v: ip),
    "RAW 101": (101, lambda ip, v: ip),
    "IPV4, IPV6": ({4: 228, 6: 229}, lambda ip, v: ip),
    "LINUX_SLL": (113, lambda ip, v: struct.pack(">HHH", 0, 1, 6) + MACS[6:] + b"\0\0" + struct.pack(">H", ETHERTYPE[v]) + ip),
    "LINUX_SLL2": (276, lambda ip, v: struct.pack(">HHIHBB", ETHERTYPE[v], 0, 2, 1, 0, 6) + MACS[6:] + b"\0\0" + ip),
    "NULL": (0, lambda ip, v: struct.pack("<I", FAMILY[v]) + ip),
    "LOOP": (108, lambda ip, v: struct.pack(">I", {4: 2, 6: 24}[v]) + ip),
    "PPP": (9, lambda ip, v: b"\xff\x03" + struct.pack(">H", PPP[v]) + ip),
    "PPP_HDLC": (50, lambda ip, v: b"\xff\x03" + struct.pack(">H", PPP[v]) + ip),
    "C_HDLC": (104, lambda ip, v: b"\x0f\x00" + struct.pack(">H", ETHERTYPE[v]) + ip),
    "IEEE802_11": (105, wifi),
    "radiotap": (127, lambda ip, v: struct.pack("<BBHI", 0, 0, 8, 0) + wifi(ip, v)),
    "VXLAN": (1, lambda ip, v: datagram(4789, b"\x08\0\0\0\0\0\x2a\0" + ethernet()(ip, v))),
    "VXLAN of a VLAN": (1, lambda ip, v: datagram(8472, b"\x08\0\0\0\0\0\x2a\0" + ethernet(bytes.fromhex("81000064"))(ip, v))),
    "TZSP": (1, lambda ip, v: datagram(37008, b"\1\0\0\1" b"\x29\2\0\7" b"\1" + ethernet()(ip, v))),
    "Geneve": (1, lambda ip, v: datagram(6081, b"\x01\0\x65\x58\0\0\x2a\0" + b"\1\2\3\0" + ethernet()(ip, v))),
    "GRE": (1, lambda ip, v: outer(47, b"\xb0\0" + struct.pack(">H", ETHERTYPE[v]) + b"\0" * 12 + ip)),
    "ERSPAN": (1, lambda ip, v: outer(47, b"\0\0\x88\xbe" + ethernet()(ip, v))),
    "ERSPAN II": (1, lambda ip, v: outer(47, b"\x10\0\x88\xbe\0\0\0\1" + b"\x10\1\0\1\0\0\0\0" + ethernet()(ip, v))),
    "ERSPAN III": (1, lambda ip, v: outer(47, b"\x10\0\x22\xeb\0\0\0\1" + b"\x20" + b"\0" * 11 + ethernet()(ip, v))),
    "IP in IP": (1, lambda ip, v: outer({4: 4, 6: 41}[v], ip)),
    "VXLAN in GRE": (1, lambda ip, v: outer(47, b"\0\0\x08\0" + datagram(4789, b"\x08\0\0\0\0\0\x2a\0" + ethernet()(ip, v))[14:])),
}


def classic(order, magic, ticks, extra=b""):
    def write(link, packets):
        out = struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 262144, link)
        for seconds, micro, frame in packets:
            out += struct.pack(order + "IIII", seconds, micro * ticks, len(frame), len(frame)) + extra + frame
        return out
    return write


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def pcapng(order):
    def write(link, packets):
        out = block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
        out += block(order, 1, struct.pack(order + "HHI", link, 0, 0))
        for seconds, micro, frame in packets:
            at = seconds * 1_000_000 + micro
            out += block(order, 6, struct.pack(order + "IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame)) + frame)
        return out
    return write


FORMATS = {
    "pcap": classic("<", 0xA1B2C3D4, 1),
    "pcap, big-endian": classic(">", 0xA1B2C3D4, 1),
    "pcap, nanoseconds": classic("<", 0xA1B23C4D, 1000),
    "pcap, nanoseconds, big-endian": classic(">", 0xA1B23C4D, 1000),
    "pcap, modified": classic("<", 0xA1B2CD34, 1, b"\0" * 8),
    "pcapng": pcapng("<"),
    "pcapng, big-endian": pcapng(">"),
    "pcap.gz": lambda link, packets: gzip.compress(FORMATS["pcap"](link, packets)),
}


def verdict(binary, file):
    """What is said of it, as JSON and as text, and the exit code."""
    done = [subprocess.run([binary, "read", file, "--format", form, "--color", "never"], capture_output=True, timeout=60)
            for form in ("json", "text")]
    return [(run.returncode, run.stdout) for run in done]


def packed(packets, link, frame_of):
    version = packets[0][2][0] >> 4
    number = link[version] if isinstance(link, dict) else link
    return number, [(seconds, micro, frame_of(ip, ip[0] >> 4)) for seconds, micro, ip in packets]


def variants(packets):
    """Every link type as pcap and pcapng, and every format of Ethernet."""
    for name, (link, frame_of) in LINKS.items():
        for form in FORMATS if name == "EN10MB" else ("pcap", "pcapng"):
            yield f"{name}, {form}", FORMATS[form](*packed(packets, link, frame_of))


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    wrong, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "capture"
        for session in SESSIONS:
            packets = list(sessions(FOREIGN / f"{session}.pcap"))
            first = None
            for name, content in variants(packets):
                file.write_bytes(content)
                said = verdict(binary, file)
                first = first or said
                count += 1
                if said != first or not said[0][1]:
                    wrong.append(f"{session}, {name}: exit {said[0][0]}, {said[0][1][:200]}")
    print("\n".join(wrong) or f"{count} files, {len(SESSIONS)} verdicts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
