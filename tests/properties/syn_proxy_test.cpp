// A SYN proxy before a service whose clients speak first: only the window that opens, or does not,
// tells of the host behind it.

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

TEST_CASE("behind a SYN proxy: open only where the host has accepted", "[syn-proxy]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  struct Row {
    const char* host;
    Outcome outcome;
  };
  for (const auto& [host, outcome] :
       {Row{"open 443", Outcome::open}, Row{"drop-all", Outcome::silent_service},
        Row{"", Outcome::closed_early}})
    for (const double round_trip : {0.1, 80.0, 600.0}) {
      Chain chain;
      chain.round_trip_ms = round_trip;
      chain.host = host;
      chain.fault_hop = 2;
      chain.fault = "syn-proxy 443";
      chain.more = "target-port 443\n";
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(host << ", " << round_trip << " ms: " << in_short(verdict) << "\n" << history(session));
      CHECK(session.done);
      CHECK(verdict.outcome == outcome);
      CHECK(lists(verdict, Mechanism::syn_proxy));
      if (outcome != Outcome::open) CHECK(holds(verdict.culprit.where, 2));
      CHECK(verdict.culprit.confidence != Confidence::certain);
    }
}

TEST_CASE("behind a SYN proxy that let the host accept, what follows is at fault", "[syn-proxy]") {
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  struct Row {
    const char *host, *router;  ///< at hop 4, at hop 3
    unsigned hop;
    Mechanism mechanism;
  };
  for (const auto& [host, router, hop, mechanism] :
       {Row{"open 22", "", 4, Mechanism::tarpit},
        Row{"open 22 then-close", "", 4, Mechanism::accept_then_close},
        Row{R"(open 22 banner "Exceeded MaxStartups\r\n" then-close)", "", 4,
            Mechanism::connection_limit},
        Row{R"(open 22 banner "SSH-2.0-x\r\n" key-exchange 1440)", "mtu 1400 mtu-hole", 3,
            Mechanism::data_blocked}})
    for (const double round_trip : {0.1, 80.0}) {
      Chain chain;
      chain.round_trip_ms = round_trip;
      chain.host = host;
      chain.fault_hop = 2;
      chain.fault = "syn-proxy 22";
      chain.on_router = [&, options = std::string(router)](unsigned at) {
        return at == 3 ? options : std::string();
      };
      const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
      const auto verdict = analyse(session.run).verdict;
      INFO(host << ", " << round_trip << " ms: " << in_short(verdict) << "\n" << history(session));
      CHECK(session.done);
      CHECK(lists(verdict, mechanism));
      CHECK(holds(verdict.culprit.where, hop));
      CHECK(verdict.explanations.front().mechanism != Mechanism::syn_proxy);
    }
}
