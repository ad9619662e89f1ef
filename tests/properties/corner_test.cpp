// Networks that are no chain: the target next door or on this machine, equal-cost paths.

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

Verdict verdict_of(const std::string& text, Family family = Family::ipv4, std::uint64_t seed = 1) {
  sim::SessionOptions options;
  options.seed = seed;
  const auto session = sim::probe(sim::parse_scenario(text, family), options);
  INFO(history(session));
  CHECK(session.done);
  return analyse(session.run).verdict;
}

constexpr Family families[] = {Family::ipv4, Family::ipv6};

}  // namespace

TEST_CASE("a target on the client's own link", "[corner]") {
  for (const auto family : families) {
    const auto closed = verdict_of("client 192.0.2.7\nhost 192.0.2.9\n", family);
    INFO(in_short(closed));
    CHECK(closed.outcome == Outcome::refused);
    CHECK(lists(closed, Mechanism::closed_port));
    CHECK(closed.culprit.where.kind == CulpritKind::destination);
    CHECK(closed.culprit.where.last_hop == 1);
    const auto down = verdict_of("client 192.0.2.7\nhost 192.0.2.9 down\n", family);
    INFO(in_short(down));
    CHECK(down.outcome == Outcome::unreachable);
    CHECK(lists(down, Mechanism::host_down));
    CHECK(holds(down.culprit.where, 1));
  }
}

TEST_CASE("a target on this machine", "[corner]") {
  const std::string text = "client 127.0.0.1 loopback\nhost 127.0.0.1 delay 20us ";
  for (const auto family : families) {
    const auto closed = verdict_of(text + "\n", family);
    INFO(in_short(closed));
    CHECK(closed.outcome == Outcome::refused);
    CHECK(closed.culprit.where.kind == CulpritKind::destination);
    CHECK(lists(closed, Mechanism::closed_port));
    const auto open = verdict_of(text + "open 22 banner \"SSH-2.0-x\\r\\n\"\n", family);
    INFO(in_short(open));
    CHECK(open.outcome == Outcome::open);
  }
}

TEST_CASE("equal-cost paths, one of which resets", "[corner]") {
  const std::string text =
      "client 192.0.2.7\nhop r1 198.51.1.1\nhop r2a 198.51.2.1\n"
      "or r2b 198.51.2.2 forward reset tcp 22\nhop r3 198.51.3.1\n"
      "host 203.0.113.10 open 22 banner \"SSH-2.0-x\\r\\n\"\n";
  for (const auto family : families) {
    const auto verdict = verdict_of(text, family);
    INFO(in_short(verdict));
    const bool fits = verdict.outcome == Outcome::refused ||
                      verdict.outcome == Outcome::intermittent || verdict.outcome == Outcome::open;
    CHECK(fits);
    if (verdict.outcome != Outcome::open) CHECK(holds(verdict.culprit.where, 2));
  }
}

TEST_CASE("a rule that looks at the ToS: what an application lives through counts", "[corner]") {
  struct Row {
    const char *rule, *host;
    Outcome outcome;
    Mechanism mechanism;
    std::uint8_t hop;
  };
  const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";
  const std::vector<Row> rows{
      {"drop tcp 22 marked", open.c_str(), Outcome::open, Mechanism::listening, 0},
      {"drop tcp marked", open.c_str(), Outcome::open, Mechanism::listening, 0},
      {"reset tcp 22 marked", open.c_str(), Outcome::open, Mechanism::listening, 0},
      {"drop tcp 22 marked", "", Outcome::refused, Mechanism::closed_port, 4},
      {"drop tcp 22 unmarked", open.c_str(), Outcome::dropped, Mechanism::filter_drop, 2},
      {"reset tcp 22 unmarked", open.c_str(), Outcome::refused, Mechanism::middlebox_reset, 2},
      {"reject admin tcp 22 unmarked", open.c_str(), Outcome::rejected,
       Mechanism::icmp_reject_router, 2},
  };
  for (const auto family : families)
    for (const auto& row : rows) {
      const auto verdict = verdict_of(
          std::string("client 192.0.2.7\nhop r1 198.51.1.1\nhop r2 198.51.2.1 forward ") +
              row.rule + "\nhop r3 198.51.3.1\nhost 203.0.113.10 " + row.host + "\n",
          family);
      INFO(row.rule << ' ' << row.host << ": " << in_short(verdict));
      CHECK(verdict.outcome == row.outcome);
      CHECK(lists(verdict, row.mechanism));
      CHECK(verdict.culprit.confidence != Confidence::certain);
      if (row.hop != 0) CHECK(holds(verdict.culprit.where, row.hop));
    }
}
