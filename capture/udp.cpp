#include "capture/transport.hpp"

namespace hopblame {

Ports read_ports(Bytes payload) {
  Cursor in(payload);
  const std::uint16_t source = in.u16(), destination = in.u16();
  return in.ok() ? Ports{source, destination} : Ports{};
}

Message read_udp(Bytes payload) {
  Cursor in(payload);
  in.skip(4);  // ports
  const std::uint16_t length = in.u16(), checksum = in.u16();
  if (!in.ok()) return Unreadable{"UDP header cut off"};
  return UdpDatagram{length, checksum};
}

}  // namespace hopblame
