// Changes and their summary, in virtual time.
#include "src/watch_log.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

const WatchState open{"open", "", "listening"},
    refused{"refused", "router 198.51.100.2, hop 2", "middlebox-reset"};
const TimePoint start{Duration(1'000'000s)};

}  // namespace

TEST_CASE("Watch: the first state and every change are told, what stays is not") {
  WatchLog log;
  CHECK(log.note(start, open) == "open (listening)");
  CHECK_FALSE(log.note(start + 60s, open));
  CHECK(log.note(start + 120s, refused) ==
        "refused: router 198.51.100.2, hop 2 (middlebox-reset); it was open (listening)");
  CHECK_FALSE(log.note(start + 180s, refused));
  CHECK(log.note(start + 240s, open));
  CHECK(log.summary(start + 250s) ==
        "5 probes in 4 min 10 s, 2 changes\n"
        "    2 min 10 s  open (listening)\n"
        "    2 min 00 s  refused: router 198.51.100.2, hop 2 (middlebox-reset)\n");
}

TEST_CASE("Watch: a clock that is set back takes no time away") {
  WatchLog log;
  CHECK(log.note(start, open));
  CHECK_FALSE(log.note(start - 3600s, open));
  CHECK(log.summary(start - 3590s).starts_with("2 probes in "));
}

TEST_CASE("Watch: outcome, place and causes of the best rank make the state") {
  const std::string json =
      R"({"outcome":"dropped","culprit":{"kind":"between","first_hop":2,"last_hop":3,"address":null},
          "explanations":[{"mechanism":"syn-filter","rank":1},{"mechanism":"accept-queue-full","rank":1},
                          {"mechanism":"answer-lost","rank":2}]})";
  const auto state = watch_state(json);
  REQUIRE(state);
  CHECK(to_string(*state) == "dropped: hops 2 to 3 (accept-queue-full, syn-filter)");
  CHECK_FALSE(watch_state(""));
  CHECK_FALSE(watch_state("[1]"));
}

TEST_CASE("Watch: lengths of time") {
  CHECK(length_text(40s) == "40 s");
  CHECK(length_text(65s) == "1 min 05 s");
  CHECK(length_text(3h + 2min) == "3 h 02 min");
}
