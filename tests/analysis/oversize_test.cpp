// A router says that a packet is too big for its link: heeded or not.

#include "analysis/path/oversize.hpp"

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{};

/// 1400 bytes fit the link.
Reply told(Family family, Duration at) {
  Reply made;
  made.kind = ReplyKind::icmp_error;
  made.at = start + at;
  made.from.family = family;
  const bool v4 = family == Family::ipv4;
  made.icmp = IcmpError{std::uint8_t(v4 ? 3 : 2), std::uint8_t(v4 ? 4 : 0), {}, 1400};
  return made;
}

OwnSegment sent(std::uint32_t bytes, Duration last) {
  return {22, 1448, bytes, {}, start, start + last};
}

}  // namespace

TEST_CASE("A segment that is sent as large as before, long after the message: not heeded") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  CHECK(goes_unheeded(sent(1448, 6700ms), told(family, 1ms)));
  CHECK_FALSE(goes_unheeded(sent(1328, 6700ms), told(family, 1ms)));
}

TEST_CASE("What was on its way, or is sent again at once, is no sign that nobody heeds it") {
  CHECK_FALSE(goes_unheeded(sent(1448, 190ms), told(Family::ipv4, 1ms)));
}

TEST_CASE("A message about another packet, which this one need not heed") {
  CHECK_FALSE(goes_unheeded(sent(700, 6700ms), told(Family::ipv4, 1ms)));
}

TEST_CASE("Only a message with the size that fits tells it") {
  auto reply = told(Family::ipv4, 0ms);
  CHECK(is_of_size(reply));
  reply.icmp->code = 13;
  CHECK_FALSE(is_of_size(reply));
  reply.icmp.reset();
  CHECK_FALSE(is_of_size(reply));
}

TEST_CASE(
    "A message that was heeded leads to the next small link: only what is said of that counts") {
  Exchange call;
  call.replies = {told(Family::ipv4, 1ms), told(Family::ipv4, 3ms), told(Family::ipv4, 900ms)};
  call.replies[0].icmp->mtu = 1450;
  CHECK(size_messages(call) == std::vector<const Reply*>{&call.replies[1], &call.replies[2]});
}

TEST_CASE("A ping that fills a packet of 1500 bytes, or what the own link takes") {
  CHECK(full_ping(Family::ipv4) == 1472);
  CHECK(full_ping(Family::ipv6) == 1452);
  CHECK(full_ping(Family::ipv4, 1460) == 1432);  // some clouds
  CHECK(full_ping(Family::ipv4, 65536) == 1472);
  CHECK(full_ping(Family::ipv4, 0) == 1472);  // not known
}
