// The measured table: which ICMP message gives which errno to a Linux client in SYN-SENT.

#include "analysis/model/icmp_codes.hpp"

#include <cerrno>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

int v4(int type, int code) {
  return icmp_errno(Family::ipv4, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code));
}
int v6(int type, int code) {
  return icmp_errno(Family::ipv6, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code));
}

}  // namespace

TEST_CASE("IPv4: ICMP to errno as measured") {
  for (const int code : {0, 6, 9, 11}) CHECK(v4(3, code) == ENETUNREACH);
  for (const int code : {1, 10, 12, 13, 14, 15}) CHECK(v4(3, code) == EHOSTUNREACH);
  CHECK(v4(11, 0) == EHOSTUNREACH);
  CHECK(v4(3, 2) == ENOPROTOOPT);
  CHECK(v4(3, 3) == ECONNREFUSED);
  CHECK(v4(3, 5) == EOPNOTSUPP);
  CHECK(v4(3, 7) == EHOSTDOWN);
  CHECK(v4(3, 8) == ENONET);
  CHECK(v4(12, 0) == EPROTO);
}

TEST_CASE("IPv4: what the stack ignores") {
  CHECK(v4(3, 4) == 0);
  CHECK(v4(4, 0) == 0);
  for (const int code : {0, 1, 2, 3}) CHECK(v4(5, code) == 0);
  CHECK(v4(11, 1) == 0);
  CHECK(v4(3, 16) == 0);
  CHECK(v4(99, 0) == 0);
}

TEST_CASE("IPv4: every parameter problem is a protocol error") {
  for (const int code : {0, 1, 2, 9}) CHECK(v4(12, code) == EPROTO);
}

TEST_CASE("IPv6: ICMP to errno as measured") {
  CHECK(v6(1, 0) == ENETUNREACH);
  for (const int code : {1, 5, 6}) CHECK(v6(1, code) == EACCES);
  for (const int code : {2, 3}) CHECK(v6(1, code) == EHOSTUNREACH);
  CHECK(v6(1, 4) == ECONNREFUSED);
  CHECK(v6(1, 7) == EPROTO);
  CHECK(v6(2, 0) == 0);
  for (const int code : {0, 1}) CHECK(v6(3, code) == EHOSTUNREACH);
  for (const int code : {0, 1, 2}) CHECK(v6(4, code) == EPROTO);
}

TEST_CASE("IPv6: a code that the stack does not know ends connect() as well, by its type") {
  for (const int code : {8, 99}) CHECK(v6(1, code) == EPROTO);  // 8: RFC 8883
  for (const int code : {3, 10, 99}) CHECK(v6(4, code) == EPROTO);
  CHECK(v6(3, 2) == EHOSTUNREACH);
  CHECK(v6(137, 0) == 0);
  CHECK(icmp_text(Family::ipv6, 1, 8) == "headers too long");
}

TEST_CASE("The codes that a routing table or a failed neighbour sends") {
  for (const int code : {0, 1, 5, 6, 7, 8, 11, 12, 13})
    CHECK(is_routing_code(Family::ipv4, 3, static_cast<std::uint8_t>(code)));
  for (const int code : {2, 3, 9, 10, 14, 15})
    CHECK_FALSE(is_routing_code(Family::ipv4, 3, static_cast<std::uint8_t>(code)));
  for (const int code : {0, 1, 3, 5, 6})
    CHECK(is_routing_code(Family::ipv6, 1, static_cast<std::uint8_t>(code)));
  CHECK_FALSE(is_routing_code(Family::ipv6, 1, 4));
  CHECK(is_host_unreachable(Family::ipv4, 3, 1));
  CHECK(is_host_unreachable(Family::ipv6, 1, 3));
  CHECK_FALSE(is_host_unreachable(Family::ipv6, 3, 1));
  CHECK(is_admin_prohibited(Family::ipv4, 3, 13));
  for (const int code : {1, 5, 6})
    CHECK(is_admin_prohibited(Family::ipv6, 1, static_cast<std::uint8_t>(code)));
  CHECK(is_source_refused(Family::ipv6, 1, 5));
  CHECK_FALSE(is_source_refused(Family::ipv4, 1, 5));
  CHECK_FALSE(is_source_refused(Family::ipv6, 1, 6));
  CHECK_FALSE(is_admin_prohibited(Family::ipv4, 3, 10));
}

TEST_CASE("An unknown pair keeps its numbers in the text") {
  CHECK(icmp_text(Family::ipv4, 3, 99) == "ICMP type 3 code 99");
  CHECK(icmp_text(Family::ipv6, 1, 9) == "ICMP type 1 code 9");
  CHECK(icmp_text(Family::ipv4, 3, 13) == "communication administratively prohibited");
}
