// Behind the network of a virtual machine or container that is a program: every answer in the
// host's name is the program's own, and tells only how its own connection to the port ended.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;
using namespace std::chrono_literals;

namespace {

struct Fault {
  const char* name;
  std::string router, host;
  Outcome outcome;  ///< where a call that failed is reset
  std::vector<Mechanism> listed;
};

using M = Mechanism;

const std::string listens = "open 22 banner \"SSH-2.0-x\\r\\n\"";
const std::vector<Fault> faults{
    {"closed",
     "",
     "",
     Outcome::refused,
     {M::closed_port, M::host_firewall_reset, M::middlebox_reset}},
    {"a router resets", "forward reset tcp 22", listens, Outcome::refused, {M::middlebox_reset}},
    {"a router rejects",
     "forward reject admin tcp 22",
     listens,
     Outcome::refused,
     {M::icmp_reject_router}},
    {"the host rejects",
     "",
     listens + " input reject host-prohibited tcp 22",
     Outcome::refused,
     {M::icmp_reject_host}},
    {"no route", "route no-route", listens, Outcome::refused, {M::no_route}},
    {"host down", "", "down", Outcome::refused, {M::host_down}},
    {"a router drops", "forward drop tcp 22", listens, Outcome::dropped, {M::filter_drop}},
    {"the host drops", "", listens + " input drop tcp 22", Outcome::dropped, {M::filter_drop}},
    {"the queue is full", "", "open 22 queue-full", Outcome::dropped, {M::accept_queue_full}},
    {"nothing passes", "blackhole", listens, Outcome::dropped, {M::blackhole, M::host_silent}},
};

sim::Session session_of(const std::string& nat, const std::string& router, const std::string& host,
                        Family family) {
  const auto text = fmt::format(
      "client 10.0.2.100\nhop nat 10.0.2.2 {}\nhop r1 192.0.2.1 delay 3ms\n"
      "hop r2 198.51.100.1 {}\nhost 203.0.113.10 {}\n",
      nat, router, host);
  return sim::probe(sim::parse_scenario(text, family));
}

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }
std::string each_nat() { return GENERATE("user-nat", "user-nat-resets"); }

bool is_told(const Verdict& verdict) {
  return std::ranges::count(verdict.caveats, CaveatId::hop_limit_rewritten, &Caveat::id) == 1;
}

/// libslirp ends a call that failed otherwise than by a RST with a FIN, which no client takes for
/// an answer.
Outcome outcome_of(const Fault& fault, const std::string& nat) {
  const bool by_message =
      fault.listed.front() != M::closed_port && fault.listed.front() != M::middlebox_reset;
  return by_message && nat == "user-nat" ? Outcome::dropped : fault.outcome;
}

}  // namespace

TEST_CASE("behind a NAT that is a program: no place is known, and the truth is listed",
          "[user-nat]") {
  const auto family = each_family();
  const auto nat = each_nat();
  for (const auto& fault : faults) {
    const auto session = session_of(nat, fault.router, fault.host, family);
    const auto verdict = analyse(session.run).verdict;
    INFO(fault.name << ": " << in_short(verdict) << "\n" << history(session));
    CHECK(session.done);
    CHECK(verdict.outcome == outcome_of(fault, nat));
    CHECK(verdict.culprit.where == Where{CulpritKind::unknown, 1, {}, {}});
    CHECK(verdict.culprit.confidence == Confidence::weak);
    for (const auto mechanism : fault.listed) CHECK(lists(verdict, mechanism));
    CHECK(is_told(verdict));
    CHECK(std::ranges::count(verdict.caveats, CaveatId::path_loss, &Caveat::id) == 0);
  }
}

TEST_CASE("behind a NAT that is a program: a run ends while answers take seconds", "[user-nat]") {
  const auto family = each_family();
  const auto nat = each_nat();
  for (const auto& fault : faults) {
    const auto session = session_of(nat, fault.router, fault.host, family);
    INFO(fault.name << "\n" << history(session));
    CHECK(session.elapsed() < 9s);
    CHECK(session.run.sends.size() <= 100);
  }
}

TEST_CASE("behind a NAT that is a program: open is open", "[user-nat]") {
  const auto session = session_of(each_nat(), "", listens, each_family());
  const auto analysis = analyse(session.run);
  INFO(in_short(analysis.verdict) << "\n" << history(session));
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(lists(analysis.verdict, Mechanism::listening));
  CHECK(analysis.packets.rejected_as_forged == 0);
  CHECK(analysis.verdict.caveats.size() == 1);
  CHECK(is_told(analysis.verdict));
}
