"""Two captures out of one: what the client's shows, and what the server's showed of the same."""
import struct

TEN_MS = 10_000
ROUTERS = 3
FILE_HEADER = 24
RECORD = struct.Struct("<IIII")
ETHERNET = 14


def records(data):
    at = FILE_HEADER
    while at < len(data):
        seconds, micros, size, whole = RECORD.unpack_from(data, at)
        at += RECORD.size
        yield seconds * 1_000_000 + micros, data[at:at + size], whole
        at += size


def from_server(frame):
    """The captures of `attempts` give a client 192.0.2.x, or the last four bytes of that."""
    source = frame[ETHERNET + 12:ETHERNET + 16] if frame[12:14] == b"\x08\x00" else frame[ETHERNET + 20:ETHERNET + 24]
    return source[0] != 0xc0


def with_limit(frame, change):
    place = ETHERNET + (8 if frame[12:14] == b"\x08\x00" else 7)
    return frame[:place] + bytes([max(1, frame[place] + change)]) + frame[place + 1:]


def reaches_server(frame):
    """Nothing of a router's ICMP, and no step of a walk that ends before."""
    place = ETHERNET + (8 if frame[12:14] == b"\x08\x00" else 7)
    protocol = frame[ETHERNET + (9 if frame[12:14] == b"\x08\x00" else 6)]
    return protocol == 6 and frame[place] > ROUTERS


def write_server_end(client, server):
    """Every capture of the client is moved to the other end, a hop limit and ten milliseconds away."""
    data = open(client, "rb").read()
    moved = []
    for at, frame, whole in records(data):
        if not reaches_server(frame):
            continue
        back = from_server(frame)
        moved.append((at - TEN_MS if back else at + TEN_MS,
                      with_limit(frame, ROUTERS if back else -ROUTERS), whole))
    moved.sort(key=lambda packet: packet[0])
    with open(server, "wb") as out:
        out.write(data[:FILE_HEADER])
        for at, frame, whole in moved:
            out.write(RECORD.pack(at // 1_000_000, at % 1_000_000, len(frame), whole) + frame)
    return len(moved)
