// This machine refuses some of the SYNs to a port (EPERM) and lets others leave, or drops some of
// the answers. Host at hop 4.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("A rule here refuses some SYNs to the port, which is open: now and then, not always") {
  const auto family = each_family();
  const std::string open =
      "0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n0 syn target error=EPERM\n"
      "0.1 syn target lane=1 < syn-ack ttl=61\n0.1 syn target lane=2 error=EPERM\n" +
      closed_control(4);
  const auto analysis = analyse(run_of(open, family));
  CHECK(in_one_line(analysis.verdict) ==
        "intermittent: this-host 0..0 strong: local-output-filter");
  CHECK_THAT(analysis.verdict.explanations.front().because.front().text.str(),
             mentions("Of 3 SYNs to port 22 this machine refused to send 2: EPERM"));
}

TEST_CASE("Refused and sent in turns on one flow, with more hops and with fewer") {
  const auto lines =
      "0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n0 syn target < syn-ack ttl=61\n"
      "0.1 syn target @1 < te from=r1 ttl=64\n0.2 syn target @2 error=EPERM\n"
      "0.3 syn target @3 < te from=r3 ttl=62\n" +
      closed_control(4);
  CHECK_THAT(verdict_of(lines, each_family()), begins_with("intermittent: this-host 0..0 strong"));
}

TEST_CASE("SYNs that are refused here for their form, or on a known flow, close no port") {
  const auto family = each_family();
  const std::string connect = "0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK_THAT(verdict_of(connect + "0 syn target x3 error=EPERM\n" + closed_control(4), family),
             begins_with("open: "));
  CHECK_THAT(verdict_of(connect + "0 syn target < syn-ack ttl=61\n0.1 syn target @2 error=EPERM\n" +
                            closed_control(4),
                        family),
             begins_with("open: "));
}

TEST_CASE("connect() finds no host, and EPERM for other SYNs to the port: a filter, no route") {
  const auto lines =
      "0 connect hidden returns=EHOSTUNREACH took=0.01\n0 syn target < syn-ack ttl=61\n"
      "0.1 syn target lane=1 error=EPERM\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines) == "local: this-host 0..0 strong: local-output-filter");
}

TEST_CASE("Of the SYN/ACKs to probes the stack hears some: a rule here may drop the others") {
  const std::string open =
      "0 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n0 syn target < syn-ack ttl=61\n" +
      passes("target", 1, 3) + closed_control(4);
  const auto family = each_family();
  CHECK_THAT(verdict_of(open + "0.1 syn target lane=1 < syn-ack ttl=61 stack-silent\n", family),
             ends_with("strong: listening / local-input-filter 0..0"));
  CHECK_THAT(verdict_of(open + "0.1 syn target lane=1 < syn-ack ttl=61\n", family),
             ends_with(": listening"));
}
