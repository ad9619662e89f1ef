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

TEST_CASE("Watch: another address is news, also while the port stays open") {
  const auto at = [](const char* target, const char* source) {
    auto state = open;
    state.target = target;
    state.source = source;
    return state;
  };
  WatchLog log;
  CHECK(log.note(start, at("203.0.113.2", "192.0.2.7")));
  CHECK(log.note(start + 60s, at("203.0.113.7", "192.0.2.7")) ==
        "open (listening); the name leads to 203.0.113.7 now, it was 203.0.113.2");
  CHECK(log.note(start + 120s, {"no probe: why", "", ""}) ==
        "no probe: why; it was open (listening)");
  CHECK(log.note(start + 180s, at("203.0.113.7", "192.0.2.8")) ==
        "open (listening); it was no probe: why; this machine is 192.0.2.8 now, it was 192.0.2.7");
  CHECK(log.summary(start + 190s).find("open (listening), 192.0.2.7 to 203.0.113.2\n") !=
        std::string::npos);
}

TEST_CASE("Watch: a probe that could not be made leaves an object as well") {
  const std::string earlier =
      R"({"schema":"hopblame/1","version":"1","command":"probe","target":{"host":"db.test",
          "address":"203.0.113.2","port":22,"family":"ipv4"},
          "source":{"address":"192.0.2.7","interface":"eth0"},"service":{"name":"ssh"}})";
  const auto json = without_report(earlier, start + 5ms, "cannot resolve db.test");
  CHECK(json.ends_with("}\n"));
  for (const auto* part :
       {R"("command":"watch")", R"("started":"1970-01-12T13:46:40.005000000Z")",
        R"("outcome":"inconclusive")", R"("text":"No probe: cannot resolve db.test")"})
    CHECK(json.find(part) != std::string::npos);
  CHECK(watch_state(json));
}

TEST_CASE("Watch: lengths of time") {
  CHECK(length_text(40s) == "40 s");
  CHECK(length_text(65s) == "1 min 05 s");
  CHECK(length_text(3h + 2min) == "3 h 02 min");
}
