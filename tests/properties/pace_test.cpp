// How long a diagnosis takes and how many packets it may send (performance section 1, courtesy in
// trust): in virtual time, for every length and round trip.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Row {
  std::string name, fault, host;
  double seconds, round_trips;  ///< the bound: so many seconds and so many round trips
};

const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";

const std::vector<Row> rows{
    {"open", "", open, 0.3, 3},
    {"closed", "", "", 0.3, 3},
    {"closed, the other port hidden", "", "input drop tcp 47806", 0.3, 3},
    {"host reset", "", open + " input reset tcp 22", 0.3, 3},
    {"router reset", "forward reset tcp 22", open, 0.3, 3},
    {"host rejects", "", open + " input reject port tcp 22", 0.3, 3},
    {"router rejects", "forward reject admin tcp 22", open, 0.3, 3},
    {"no route", "route no-route", open, 0.3, 3},
    {"router drops", "forward drop tcp 22", open, 2.5, 4},
    {"raw drop", "prerouting drop tcp 22", open, 2.5, 4},
    {"host drops", "", open + " input drop tcp 22", 2.5, 4},
    {"host drops SYNs", "", open + " input drop tcp 22 syn", 2.5, 4},
    {"host drops all", "", open + " drop-all", 4.5, 4},
    {"host down", "", "down", 4.5, 4},
    {"blackhole", "blackhole", open, 4.5, 4},
};

bool reaches(const SendRecord& send, unsigned distance) {
  return send.spec.question.hop_limit.value >= distance;
}

/// The worst excess over "burst at once, then rate a second", counted from every send on.
template <class Keep>
double excess(const std::vector<SendRecord>& sends, double burst, double rate, Keep keep) {
  double level = 0, worst = 0;
  TimePoint last{};
  for (const auto& send : sends) {
    if (!keep(send)) continue;
    if (last != TimePoint{}) level = std::max(0.0, level - rate * seconds(send.at - last));
    last = send.at;
    worst = std::max(worst, ++level - burst);
  }
  return worst;
}

}  // namespace

TEST_CASE("a verdict takes no longer than physics asks", "[pace]") {
  for (const auto& row : rows) {
    for (const unsigned hops : {1u, 2u, 3u, 4u, 8u, 12u}) {
      if (!row.fault.empty() && hops == 1) continue;
      if (row.host == "down" && hops == 1) continue;  // on link: this machine's own ARP
      for (const double round_trip : {0.1, 1.0, 20.0, 100.0, 300.0, 310.0}) {
        for (const auto family : {Family::ipv4, Family::ipv6}) {
          Chain chain;
          chain.hops = hops;
          chain.round_trip_ms = round_trip;
          chain.fault_hop = (hops + 1) / 2;
          chain.fault = row.fault;
          chain.host = row.host;
          const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
          const double bound = row.seconds + row.round_trips * round_trip / 1000 + 0.0005;
          INFO(row.name << ", bound " << bound << " s\n" << history(session));
          CHECK(session.done);
          CHECK(seconds(session.elapsed()) <= bound);
        }
      }
    }
  }
}

TEST_CASE("silent routers keep nobody waiting whose port is open", "[pace]") {
  for (const unsigned hops : {2u, 4u, 6u, 8u, 12u})
    for (const double round_trip : {0.1, 20.0, 100.0})
      for (const auto family : {Family::ipv4, Family::ipv6}) {
        Chain chain;
        chain.hops = hops;
        chain.round_trip_ms = round_trip;
        chain.on_router = [](unsigned) { return "silent"; };
        const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
        // Twelve are walked by more packets than the opening burst holds.
        const double bound = (hops > 8 ? 0.9 : 0.5) + 3 * round_trip / 1000;
        INFO(hops << " hops, bound " << bound << " s\n" << history(session));
        CHECK(session.done);
        CHECK(seconds(session.elapsed()) <= bound);
      }
}

TEST_CASE("a router that withholds one message keeps nobody waiting whose port is refused",
          "[pace]") {
  for (const auto& host : {std::string(), open + " input reset tcp 22"})
    for (const auto* allowance : {"spent-but 1", "spent-but 2"})
      for (const unsigned rationed : {1u, 2u, 3u, 4u})
        for (const double round_trip : {0.1, 20.0, 100.0, 300.0})
          for (const auto family : {Family::ipv4, Family::ipv6}) {
            Chain chain;
            chain.hops = 5;
            chain.round_trip_ms = round_trip;
            chain.host = host;
            chain.on_router = [&](unsigned hop) { return hop == rationed ? allowance : ""; };
            const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
            const double bound = 0.3 + 3 * round_trip / 1000 + 0.0005;
            INFO(allowance << " at hop " << rationed << ", bound " << bound << " s\n"
                           << history(session));
            CHECK(session.done);
            CHECK(seconds(session.elapsed()) <= bound);
          }
}

TEST_CASE("a router whose messages are spent keeps nobody waiting that it rejects", "[pace]") {
  for (const auto* allowance : {"spent-but 1", "spent-but 2", "spent-but 3"})
    for (const double round_trip : {0.1, 20.0, 100.0, 300.0}) {
      Chain chain;
      chain.hops = 4;
      chain.round_trip_ms = round_trip;
      chain.fault_hop = 2;
      chain.fault = std::string(allowance) + " forward reject admin tcp 22";
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), Family::ipv4));
      const auto verdict = analyse(session.run).verdict;
      const double bound = 0.3 + 3 * round_trip / 1000 + 0.0005;
      INFO(allowance << ", bound " << bound << " s, " << in_short(verdict) << "\n"
                     << history(session));
      CHECK(session.done);
      CHECK(verdict.outcome == Outcome::rejected);
      CHECK(holds(verdict.culprit.where, chain.fault_hop));
      CHECK(seconds(session.elapsed()) <= bound);
    }
}

TEST_CASE("a diagnosis is polite", "[pace]") {
  for (const auto& row : rows) {
    for (const unsigned hops : {1u, 4u, 12u}) {
      if (!row.fault.empty() && hops == 1) continue;
      Chain chain;
      chain.hops = hops;
      chain.round_trip_ms = 20;
      chain.fault_hop = (hops + 1) / 2;
      chain.fault = row.fault;
      chain.host = row.host;
      const auto session = sim::probe(sim::parse_scenario(text_of(chain)));
      const auto& sends = session.run.sends;
      INFO(row.name << "\n" << history(session));
      CHECK(sends.size() <= 110);
      CHECK(excess(sends, 40, 50, [](const auto&) { return true; }) < 1e-6);
      // To a dead neighbour every hop limit reaches: known to be two packets too many.
      const double slack = hops == 1 && row.seconds == 4.5 ? 2 : 1e-6;
      CHECK(excess(sends, 20, 10, [&](const auto& send) { return reaches(send, hops); }) < slack);
    }
  }
}
