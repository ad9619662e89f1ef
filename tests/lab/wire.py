#!/usr/bin/env python3
"""wire.py sniff INTERFACE | forge INTERFACE COUNT SECONDS | flood INTERFACE COUNT: what somebody beside the path
sees or sends, run inside a namespace of the lab. `sniff` prints "seconds hex" for each frame until it is
killed; the others print how many frames they sent."""
import os
import random
import socket
import struct
import sys
import time

CLIENT_MAC, ROUTER_MAC = bytes.fromhex("020000000110"), bytes.fromhex("020000000101")
CLIENT, SERVER = socket.inet_aton("192.0.2.10"), socket.inet_aton("203.0.113.10")
SO_TIMESTAMPNS = 35


def packets_of(interface):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    wire.bind((interface, 0))
    return wire


def sniff(interface):
    wire = packets_of(interface)
    print("ready", flush=True)
    while True:
        frame, notes, _, address = wire.recvmsg(2048, 256)
        seconds, nanoseconds = struct.unpack("qq", notes[0][2][:16])
        print(f"{seconds}.{nanoseconds:09} {address[2]} {frame[:74].hex()}", flush=True)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff


def frame(protocol, source, body):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), random.getrandbits(16), 0, 61, protocol, 0,
                         source, CLIENT)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return CLIENT_MAC + ROUTER_MAC + b"\x08\x00" + header + body


def segment(client_port, server_port, flags):
    acknowledgment = random.getrandbits(32) if flags & 0x10 else 0
    body = struct.pack("!HHIIBBHHH", server_port, client_port, random.getrandbits(32), acknowledgment, 0x50, flags,
                       0, 0, 0)
    pseudo = SERVER + CLIENT + struct.pack("!BBH", 0, 6, len(body))
    body = body[:16] + struct.pack("!H", checksum(pseudo + body)) + body[18:]
    return frame(6, SERVER, body)


def error(client_port, server_port):
    quoted = struct.pack("!BBHHHBBH4s4sHHI", 0x45, 0x48, 60, random.getrandbits(16), 0x4000, 1, 6, 0, CLIENT, SERVER,
                         client_port, server_port, random.getrandbits(32))
    body = struct.pack("!BBHI", *random.choice([(3, 1), (3, 3), (3, 13), (11, 0)]), 0, 0) + quoted
    body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
    return frame(1, SERVER, body)


def forgery(ports):
    client_port, server_port = random.choice(ports)
    kind = random.choice([0x04, 0x14, 0x12, None])  # RST, RST/ACK, SYN/ACK, ICMP
    return segment(client_port, server_port, kind) if kind else error(client_port, server_port)


def ports_in(frame):
    """The two ports of a SYN of the client, else nothing."""
    is_syn = frame[6:12] == CLIENT_MAC and frame[12:14] == b"\x08\x00" and frame[23] == 6 and frame[47] & 0x12 == 2
    return struct.unpack("!HH", frame[34:38]) if is_syn else None


def forge(interface, count, seconds):
    """He has seen the ports, and guesses the numbers: COUNT forgeries, spread over the time."""
    wire = packets_of(interface)
    wire.settimeout(10)
    print("ready", flush=True)
    ports, sent, end = [], 0, None
    while sent < count and (end is None or time.monotonic() < end + 2):
        try:
            pair = ports_in(wire.recv(2048))
            if pair and pair not in ports:
                ports.append(pair)
            wire.settimeout(0.001)
            end = end or time.monotonic() + seconds
        except (TimeoutError, BlockingIOError):
            pass
        due = count * (1 - (end - time.monotonic()) / seconds) if end else 0
        while ports and sent < min(due, count):
            wire.send(forgery(ports))
            sent += 1
    print(sent, flush=True)


def flood(interface, count):
    wire = packets_of(interface)
    one = error(1, 9)  # about a packet nobody sent; the capture filter takes it all the same
    for _ in range(count):
        wire.send(one)
    print(count, flush=True)


if __name__ == "__main__":
    {"sniff": sniff, "forge": forge, "flood": flood}[sys.argv[1]](
        sys.argv[2], *(float(word) if "." in word else int(word) for word in sys.argv[3:]))
