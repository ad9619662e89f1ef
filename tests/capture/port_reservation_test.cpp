#include "capture/port_reservation.hpp"

#include <cerrno>
#include <set>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

int try_to_bind(int type, const Endpoint& local) {
  const Descriptor fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const SocketAddress address(local, "");
  return bind(fd.get(), address.get(), address.length) == 0 ? 0 : errno;
}

}  // namespace

TEST_CASE("reserved ports are distinct and nobody else gets them") {
  const Outlet outlet{*IpAddress::parse("127.0.0.1"), "", ""};
  auto reserved = PortReservation::reserve(outlet, 12);
  REQUIRE(std::holds_alternative<PortReservation>(reserved));
  auto& ports = std::get<PortReservation>(reserved);
  const std::set<std::uint16_t> distinct(ports.ports().begin(), ports.ports().end());
  CHECK(distinct.size() == 12);
  CHECK(distinct.count(0) == 0);
  for (const auto port : distinct) {
    CHECK(try_to_bind(SOCK_STREAM, {outlet.source, port}) == EADDRINUSE);
    CHECK(try_to_bind(SOCK_DGRAM, {outlet.source, port}) == EADDRINUSE);
  }
}

// Linux gives odd ports to bind() and even ones to connect(): a bundle of links or an ECMP hash
// that is the exclusive or of the ports would show all our flows one of its two members only.
TEST_CASE(
    "reserved ports are odd and even, also among those taken for one use in turn with another") {
  const Outlet outlet{*IpAddress::parse("127.0.0.1"), "", ""};
  auto reserved = PortReservation::reserve(outlet, 12);
  REQUIRE(std::holds_alternative<PortReservation>(reserved));
  const auto ports = std::get<PortReservation>(reserved).ports();
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}}) {
    std::set<int> parities;
    for (std::size_t at = first; at < ports.size(); at += 2) parities.insert(ports[at] % 2);
    CHECK(parities.size() == 2);
  }
}

TEST_CASE("the application's port is of the half that connect() takes first, the even one") {
  int even = 0;
  for (int i = 0; i < 8; ++i) {
    const auto bound = bind_tcp({*IpAddress::parse("127.0.0.1"), "", ""});
    REQUIRE(std::holds_alternative<BoundSocket>(bound));
    even += std::get<BoundSocket>(bound).local.port % 2 == 0 ? 1 : 0;
  }
  CHECK(even >= 6);  // a port that somebody has may be among them
}

TEST_CASE("a port is left to connect() where nothing must know it before") {
  const auto listener = bind_tcp({*IpAddress::parse("127.0.0.1"), "", ""});
  const auto& to = std::get<BoundSocket>(listener);
  REQUIRE(listen(to.fd.get(), 1) == 0);
  const auto bound = bind_address({*IpAddress::parse("127.0.0.1"), "", ""});
  REQUIRE(std::holds_alternative<BoundSocket>(bound));
  const auto& from = std::get<BoundSocket>(bound);
  CHECK(from.local.port == 0);
  const SocketAddress address(to.local, "");
  (void)connect(from.fd.get(), address.get(), address.length);
  CHECK(from.chosen().port != 0);
  CHECK(from.chosen().address == from.local.address);
}

TEST_CASE("ports are taken one after the other") {
  auto reserved = PortReservation::reserve({*IpAddress::parse("127.0.0.1"), "", ""}, 2);
  REQUIRE(std::holds_alternative<PortReservation>(reserved));
  auto& ports = std::get<PortReservation>(reserved);
  const auto first = ports.take(), second = ports.take();
  CHECK(first != second);
  CHECK(ports.take() == first);
}

TEST_CASE("an address that is not ours reserves nothing") {
  const auto reserved = PortReservation::reserve({*IpAddress::parse("192.0.2.1"), "", ""}, 2);
  REQUIRE(std::holds_alternative<SystemError>(reserved));
  CHECK(std::get<SystemError>(reserved).error == EADDRNOTAVAIL);
}
