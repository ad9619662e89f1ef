// A limit or a ban on a port that the address's own device (hop 3) passes on to a host behind it
// (hop 4).

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// The device answers the control port and says in its own name that a hop limit ran out there.
std::string passed_on() {
  return closed_control(3) + passes("target", 1, 2) +
         "0.02 syn target @3 < te from=server ttl=62\n";
}

/// SYNs on new flows, later: the control port's are answered.
std::string later(const std::string& of_port) {
  std::string lines;
  for (int lane = 1; lane <= 3; ++lane) {
    lines += fmt::format("0.3 syn target lane={} x3{}\n", lane, of_port);
    lines += fmt::format("0.3 syn control lane={} x3 < rst-ack ttl=62 marked\n", lane);
  }
  return lines + "fact ends=6\n";
}

}  // namespace

TEST_CASE("A ban on a port that is passed on may be the host's behind the device") {
  const auto family = each_family();
  const auto lines = passed_on() +
                     "0 syn target < syn-ack ttl=61\n0.01 syn target @4 < syn-ack ttl=61\n"
                     "0.05 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK(verdict_of(lines + later(""), family) ==
        "intermittent: between 2..4 strong: probe-ban rate-limit port-forward 4..4 / "
        "accept-queue-full 4..4");
  CHECK_THAT(caveats_of(lines + later(""), family), mentions("behind-forward"));
  const std::string still_passes = "2 syn target lane=1 @3 < te from=server ttl=62\n";
  CHECK_THAT(verdict_of(lines + later("") + still_passes, family),
             begins_with("intermittent: between 3..4 strong: probe-ban"));
}

TEST_CASE("A limit on a port that is passed on may be the host's behind the device") {
  const auto family = each_family();
  const auto lines = passed_on() +
                     "0 syn target < syn-ack ttl=61\n0.3 syn target @4 x3\n"
                     "0.05 connect returns=0 took=2.1 syns=3 says=SSH-2.0-x < syn-ack ttl=61 "
                     "only=3\n" +
                     later("") + "4.5 syn target lane=9 < syn-ack ttl=61\nfact ends=8\n";
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("intermittent: between "));
  CHECK_THAT(verdict, mentions("\\.\\.4 .*rate-limit.* port-forward 4\\.\\.4"));
}
