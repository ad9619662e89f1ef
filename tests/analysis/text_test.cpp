#include "analysis/model/text.hpp"

#include <fmt/format.h>

#include <random>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

const auto address = *IpAddress::parse("198.51.100.1");

template <class Any>
std::string shown(const Any& filling) {
  return say("{}", filling).str();
}

void check_as_printf(std::int64_t nanoseconds) {
  const Duration span(nanoseconds);
  if (shown(Milliseconds{span}) != fmt::format("{:.1f}", milliseconds(span))) FAIL(nanoseconds);
}

/// Keeps apart what is told as it is and what a sink may have to change.
struct Pieces {
  std::string plain_ones{}, others{};
  void plain(std::string_view piece) { plain_ones += piece; }
  void words(std::string_view piece) { others += piece; }
};

Pieces pieces_of(const Text& text) {
  Pieces pieces;
  text.tell(pieces);
  return pieces;
}

}  // namespace

TEST_CASE("milliseconds are rounded as printf rounds them") {
  for (std::int64_t at = -3'000'000; at <= 3'000'000; at += 250)
    if (at < 0 || at >= 50'000) check_as_printf(at);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto any = static_cast<std::int64_t>(random() % 1'000'000'000'000'000);
    check_as_printf(any);
    check_as_printf(any - any % 50'000);
  }
}

TEST_CASE("A time below a tenth of a millisecond is not told as none") {
  const auto told = [](std::int64_t span) { return shown(Milliseconds{Duration(span)}); };
  CHECK(told(49'999) == "0.05");
  CHECK(told(5'000) == "0.01");
  CHECK(told(4'999) == "under 0.01");
  CHECK(told(0) == "under 0.01");
}

TEST_CASE("A text is its form with the holes filled") {
  CHECK(say("Nothing answered.").str() == "Nothing answered.");
  CHECK(say("{} of {} SYN{}", 3u, std::uint8_t{4}, "s").str() == "3 of 4 SYNs");
  CHECK(say("{}{}", 18'446'744'073'709'551'615u, "").str() == "18446744073709551615");
  CHECK(shown(address) == "198.51.100.1");
  CHECK(shown(*IpAddress::parse("2001:db8::1:0:0:1")) == "2001:db8::1:0:0:1");
  CHECK(shown(*IpAddress::parse("::ffff:192.0.2.1")) == "::ffff:192.0.2.1");
  CHECK(shown(Seconds{std::chrono::milliseconds(2449)}) == "2.4");
  CHECK(shown(IcmpCode{Family::ipv4, 3, 1}) == "host unreachable");
  CHECK(shown(IcmpCode{Family::ipv6, 200, 201}) == "ICMP type 200 code 201");
}

TEST_CASE("A place in words") {
  CHECK(shown(Hops{2, 2, address}) == "hop 2 (198.51.100.1)");
  CHECK(shown(Hops{2, 2, {}}) == "hop 2");
  CHECK(shown(Hops{2, 4, {}}) == "hop 2 to 4");
  CHECK(shown(Hops{2, {}, {}}) == "a device from hop 2 on");
}

TEST_CASE("Texts are the same when they read the same, however they were made") {
  CHECK(say("hop {}", 2u) == Text("hop 2"));
  CHECK(say("hop {}", 2u) == say("{} {}", "hop", 2u));
  CHECK_FALSE(say("hop {}", 2u) == say("hop {}", 3u));
  CHECK(Text() == Text(""));
  CHECK(Text().empty());
  CHECK(Text("").empty());
  CHECK_FALSE(say("{}", "").empty());
}

TEST_CASE("A copy of a text is known by its form and what fills that") {
  const auto hop = [](std::uint64_t number, std::string_view word) {
    return say("hop {} {}", number, word);
  };
  const auto own = Text("put together elsewhere");
  CHECK(hop(2, "answers").is_copy_of(hop(2, "answers")));
  CHECK_FALSE(hop(2, "answers").is_copy_of(hop(3, "answers")));
  CHECK_FALSE(hop(2, "answers").is_copy_of(hop(2, "drops")));
  CHECK_FALSE(hop(2, "answers").is_copy_of(own));
  CHECK_FALSE(say("{}", Milliseconds{Duration(1)}).is_copy_of(say("{}", Seconds{Duration(1)})));
  CHECK(Text(own).is_copy_of(own));
}

TEST_CASE("What a sink may have to change is told apart from what it never does") {
  const auto plain = pieces_of(say("hop {} of {}", 2u, address));
  CHECK(plain.plain_ones == "hop 2 of 198.51.100.1");
  CHECK(plain.others.empty());
  CHECK(pieces_of(say("{} SYN{} to {}", 2u, "s", address)).others == "s");
  CHECK(pieces_of(say("says \"{}\"", 2u)).others == "says \"\"");
  CHECK(pieces_of(say("left this machine")).others == "left this machine");
  CHECK(pieces_of(Text("\xff")).others == "\xff");
}
