#include "capture/trim.hpp"

#include <tins/tins.h>

#include "capture/decode.hpp"
#include "capture/transport.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

Frame frame_of(const std::vector<std::uint8_t>& bytes, int link_type) {
  return {{1}, {}, link_type, static_cast<std::uint32_t>(bytes.size()), bytes};
}

Tins::TCP segment() {
  Tins::TCP tcp(22, 40000);
  tcp.flags(Tins::TCP::PSH | Tins::TCP::ACK);
  tcp.timestamp(1, 2);
  return tcp;
}

const std::string greeting = "SSH-2.0-secret\r\n";

}  // namespace

TEST_CASE("what an application says is not kept") {
  const auto v4 = (Tins::EthernetII("02:00:00:00:00:01", "02:00:00:00:00:02") /
                   Tins::IP("192.0.2.7", "203.0.113.10") / segment() / Tins::RawPDU(greeting))
                      .serialize();
  const auto v6 =
      (Tins::IPv6("2001:db8::7", "2001:db8::10") / segment() / Tins::RawPDU(greeting)).serialize();
  CHECK(without_payload(frame_of(v4, 1)) == 14 + 20 + 32);
  CHECK(without_payload(frame_of(v6, 101)) == 40 + 32);
  const auto udp =
      (Tins::IP("192.0.2.7", "203.0.113.10") / Tins::UDP(40000, 53) / Tins::RawPDU(greeting))
          .serialize();
  CHECK(without_payload(frame_of(udp, 101)) == 28);
}

TEST_CASE("what a RST says of its cause is kept, as far as it is read") {
  auto reset = segment();
  reset.flags(Tins::TCP::RST | Tins::TCP::ACK);
  const auto kept = [&](const std::string& cause) {
    const auto bytes =
        (Tins::IP("192.0.2.7", "203.0.113.10") / reset / Tins::RawPDU(cause)).serialize();
    return without_payload(frame_of(bytes, 101));
  };
  CHECK(kept("BIG-IP: Port denied") == 52 + 19);
  CHECK(kept(std::string(100, 'x')) == 52 + most_text);
}

TEST_CASE("padding of a short Ethernet frame hides no payload") {
  auto bytes = (Tins::EthernetII("02:00:00:00:00:01", "02:00:00:00:00:02") /
                Tins::IP("192.0.2.7", "203.0.113.10") / Tins::TCP(22, 40000) / Tins::RawPDU("Hi"))
                   .serialize();
  bytes.resize(60);
  CHECK(without_payload(frame_of(bytes, 1)) == 54);
}

TEST_CASE("a trimmed segment still tells how much it carried") {
  const auto whole =
      (Tins::IP("192.0.2.7", "203.0.113.10") / segment() / Tins::RawPDU(greeting)).serialize();
  auto frame = frame_of(whole, 101);
  frame.bytes = frame.bytes.first(without_payload(frame));
  const auto seen = decode(frame);
  REQUIRE(std::holds_alternative<TcpSegment>(seen.message));
  const auto& read = std::get<TcpSegment>(seen.message);
  CHECK(read.payload == greeting.size());
  CHECK(read.text.empty());
  CHECK(read.timestamps);
}

TEST_CASE("ICMP stays whole, and so does what cannot be read") {
  const auto echo =
      (Tins::IP("192.0.2.7", "203.0.113.10") / Tins::ICMP() / Tins::RawPDU(std::string(64, 'x')))
          .serialize();
  CHECK(without_payload(frame_of(echo, 101)) == echo.size());
  const std::vector<std::uint8_t> noise(33, 0xff);
  CHECK(without_payload(frame_of(noise, 1)) == noise.size());
  CHECK(without_payload(frame_of({}, 1)) == 0);
}

TEST_CASE("every prefix of a segment is trimmed within bounds") {
  const auto whole =
      (Tins::IP("192.0.2.7", "203.0.113.10") / segment() / Tins::RawPDU(greeting)).serialize();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    auto frame = frame_of(whole, 101);
    frame.bytes = frame.bytes.first(size);
    CHECK(without_payload(frame) == std::min<std::size_t>(size, 52));
  }
}
