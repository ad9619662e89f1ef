// This machine gives the packets of its programs fewer hops than the way has (a wrong default, a
// router advertisement): connect() never gets there, our probes do. Or a rule of this machine cuts
// the hops of every packet to the port. Host at hop 4.

#include <cerrno>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string probes = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                           "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4) +
                           "fact ends=3\n";

}  // namespace

TEST_CASE("connect() leaves with three hops and dies at the third: this machine, not the network") {
  const auto family = each_family();
  const auto run =
      run_of(probes + "0.01 connect hops=3 returns=EHOSTUNREACH < te from=r3 ttl=62\n", family);
  const auto analysis = analyse(run);
  CHECK(in_one_line(analysis.verdict) ==
        "unreachable: this-host 0..0 strong: local-route / local-output-filter");
  CHECK(analysis.verdict.probes_fare_otherwise);
  CHECK_THAT(analysis.verdict.explanations.front().because.front().text.str(),
             mentions("the host is 4 hops away"));
}

TEST_CASE("The same where the message of its end is lost: others that die there are told of") {
  const auto lines = probes + "0.01 connect hops=3 syns=3\n";
  const auto analysis = analyse(run_of(lines, each_family()));
  CHECK(in_one_line(analysis.verdict) ==
        "unreachable: this-host 0..0 strong: local-route / local-output-filter");
  CHECK(analysis.app_sees.error == EHOSTUNREACH);
  CHECK_THAT(caveats_of(lines), !mentions("by-form"));
}

TEST_CASE("The same where that router says nothing: whether connect() hears of it is not known") {
  auto lines = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 2) +
               "0.2 syn target @3 x2\n0.2 syn target @4 < syn-ack ttl=61\n"
               "0.05 syn control < rst-ack ttl=61 marked\n" +
               passes("control", 1, 2) + "0.2 syn control @4 < rst-ack ttl=61 marked\n" +
               "0.01 connect hops=3 syns=3\nfact ends=3\n";
  const auto analysis = analyse(run_of(lines, each_family()));
  CHECK(in_one_line(analysis.verdict) ==
        "dropped: this-host 0..0 strong: local-route / local-output-filter");
  CHECK_FALSE(analysis.app_sees.error);
}

TEST_CASE("connect() was told before the message was seen here") {
  CHECK_THAT(verdict_of("0 syn target < syn-ack ttl=61\n" + passes("target", 1, 2) +
                            "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4) +
                            "0.01 connect hops=2 returns=EHOSTUNREACH took=3\nfact ends=4\n",
                        each_family()),
             begins_with("unreachable: this-host 0..0 strong: local-route"));
}

TEST_CASE("As many hops as the way has are enough") {
  const auto lines = probes + "0.01 connect hops=4 returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK_THAT(verdict_of(lines, each_family()), begins_with("open: "));
}

TEST_CASE("A rule here leaves each SYN to the port two hops: no router loops") {
  const auto family = each_family();
  const std::string cut =
      "0 syn target left-with=2 < te from=r2 ttl=63\n0.1 syn target @1 left-with=2 < te from=r2 "
      "ttl=63\n0.2 syn target @4 left-with=2\n"
      "0.3 connect hops=2 returns=EHOSTUNREACH < te from=r2 ttl=63\n";
  const auto analysis = analyse(run_of(cut + "0 syn control < rst-ack ttl=61\n", family));
  CHECK(in_one_line(analysis.verdict) == "unreachable: this-host 0..0 strong: local-output-filter");
  CHECK_THAT(analysis.verdict.explanations.front().because.back().text.str(),
             mentions("is 4 hops away"));
  CHECK(verdict_of(cut, family) == "unreachable: this-host 0..0 weak: local-output-filter");
}

TEST_CASE("Fewer hops than were asked for, and still more than the way has, are not why") {
  const auto lines =
      "0 syn target x3 left-with=30\n0.3 connect hops=30\n" + closed_control(4) + "fact ends=4\n";
  CHECK_THAT(verdict_of(lines, each_family()), begins_with("dropped: "));
  CHECK_THAT(verdict_of(lines, each_family()), !mentions("this-host 0..0"));
}
