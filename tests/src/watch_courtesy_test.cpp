// How few handshakes `watch` completes, and when it speaks of a ban.
#include "src/watch_courtesy.hpp"

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

const WatchState open{"open", "", "listening"},
    rejected{"rejected", "destination 203.0.113.10, hop 4", "icmp-reject-host"},
    closed{"refused", "destination 203.0.113.10, hop 4", "closed-port"};
const TimePoint start{Duration(1'000'000s)};

/// Every ten seconds, `count` times; how many completed a handshake.
unsigned watch_open(Courtesy& courtesy, unsigned count) {
  unsigned handshakes = 0;
  for (unsigned i = 0; i < count; ++i) {
    const auto at = start + i * 10s;
    const bool handshake = courtesy.wants_handshake(at);
    handshakes += handshake ? 1 : 0;
    CHECK_FALSE(courtesy.note(at, open, handshake));
  }
  return handshakes;
}

}  // namespace

TEST_CASE("Watch: an open port is connected to less than five times in ten minutes") {
  Courtesy courtesy;
  CHECK(watch_open(courtesy, 60) == 4);
}

TEST_CASE("Watch: after a change it looks closely again") {
  Courtesy courtesy;
  CHECK(courtesy.wants_handshake(start));
  CHECK_FALSE(courtesy.note(start, open, true));
  CHECK_FALSE(courtesy.wants_handshake(start + 60s));
  CHECK_FALSE(courtesy.note(start + 60s, closed, false));
  CHECK(courtesy.wants_handshake(start + 120s));
  CHECK_FALSE(courtesy.note(start + 120s, open, true));
  CHECK(courtesy.wants_handshake(start - 3600s));  // the clock was set back
}

TEST_CASE("Watch: what a ban looks like is said once, with what the watch did") {
  Courtesy courtesy;
  CHECK(watch_open(courtesy, 5) == 1);
  const auto note = courtesy.note(start + 50s, rejected, false);
  REQUIRE(note);
  CHECK(note->find("6 probes, 1 connection so far") != std::string::npos);
  CHECK_FALSE(courtesy.note(start + 60s, rejected, true));
  constexpr std::size_t time_before_it = 21, widest = 100;
  CHECK(note->find('\n') + time_before_it <= widest);
  CHECK(note->size() - note->find('\n') - 1 + time_before_it <= widest);
}

TEST_CASE("Watch: a closed port is no ban, nor is what was never open") {
  Courtesy courtesy;
  CHECK_FALSE(courtesy.note(start, rejected, true));
  CHECK_FALSE(courtesy.note(start + 10s, open, true));
  CHECK_FALSE(courtesy.note(start + 20s, closed, true));
}
