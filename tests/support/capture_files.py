"""What capture files hold, for the tests that look into them: classic pcap in either byte order, and pcapng in the
byte order of this machine, as hopblame writes it."""
import struct

PCAP_HEADER = 24
INTERFACE, PACKET = 1, 6  # interface description, enhanced packet block


def pcap_records(capture):
    """(time in nanoseconds, header and bytes) of each packet of a classic pcap; the header is 16 bytes."""
    order = "<" if capture[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    unit = 1 if capture[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
    at = PCAP_HEADER
    while at < len(capture):
        seconds, fraction, size = struct.unpack_from(order + "III", capture, at)
        yield seconds * 10**9 + fraction * unit, capture[at:at + 16 + size]
        at += 16 + size


def pcapng_blocks(capture):
    """(type, body) of each block."""
    at = 0
    while at < len(capture):
        kind, length = struct.unpack_from("=II", capture, at)
        yield kind, capture[at + 8:at + length - 4]
        at += length


def pcapng_link_types(capture):
    """(link type, bytes) of each packet."""
    types = []
    for kind, body in pcapng_blocks(capture):
        if kind == INTERFACE:
            types.append(struct.unpack_from("=H", body)[0])
        if kind == PACKET:
            interface, size = struct.unpack_from("=I", body)[0], struct.unpack_from("=I", body, 12)[0]
            yield types[interface], body[20:20 + size]


def pcapng_packets(capture):
    """(bytes, options) of each packet."""
    for kind, body in pcapng_blocks(capture):
        if kind == PACKET:
            size = struct.unpack_from("=I", body, 12)[0]
            yield body[20:20 + size], body[20 + (size + 3) // 4 * 4:]
