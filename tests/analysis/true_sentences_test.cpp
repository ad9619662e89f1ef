// Reasons that once said more than the packets do. Host at hop 4.

#include <cerrno>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

std::string reasons(const Verdict& verdict) {
  std::string all;
  for (const auto& explanation : verdict.explanations)
    for (const auto& evidence : explanation.because) all += evidence.text.str() + " ";
  return all;
}

}  // namespace

TEST_CASE("The control port, turned away by a router, does not get on to any hop") {
  const auto lines = "0 syn target x3\n0 syn control x3 < icmp=admin from=r1 ttl=64 q=63\n" +
                     passes("target", 1, 2) + "0.2 syn target @3 x3\n" + passes("control", 1, 1) +
                     "0.2 syn control @2 < icmp=admin from=r1 ttl=64 q=1\nfact ends=6\n";
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK_THAT(reasons(verdict), !mentions("gets on to"));
}

TEST_CASE("A RST of IPv6 without our class, but with a flow label: only the label speaks") {
  const auto lines = "0 syn target < rst-ack ttl=61 label=9\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 label=9\n" + closed_control(4);
  const auto verdict = analyse(run_of(lines, Family::ipv6)).verdict;
  CHECK(lists(verdict.explanations, Mechanism::closed_port));
  CHECK_THAT(reasons(verdict), mentions("has a flow label"));
  CHECK_THAT(reasons(verdict), !mentions("carries the mark"));
}

TEST_CASE("connect() still waits long after the message that ends it came: it will time out") {
  const std::string admin = " < icmp=admin from=r2 ttl=63 q=62";
  const auto lines = "0 syn target" + admin + "\n" + passes("target", 1, 2) + closed_control(4) +
                     "0.01 connect" + admin + "\n";
  CHECK(analyse(run_of(lines + "fact ends=3\n")).app_sees.error == ETIMEDOUT);
  CHECK(analyse(run_of(lines + "fact ends=0.9\n")).app_sees.error == EHOSTUNREACH);
}
