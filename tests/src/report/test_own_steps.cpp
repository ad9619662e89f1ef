// What happens on this machine, or next to it, is looked for there and not by the network team.

#include <algorithm>

#include "src/report/document.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/steps.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool is_told(const Circumstances& now, std::string_view words) {
  return std::ranges::any_of(steps_for(now), [&](const Advice* step) {
    return step->text.find(words) != std::string_view::npos ||
           step->commands.find(words) != std::string_view::npos;
  });
}

Circumstances of(Mechanism cause, only::Bits holds) {
  Circumstances now;
  now.causes = {cause};
  now.holds = only::elsewhere | only::on_path | holds;
  return now;
}

}  // namespace

TEST_CASE("A redirect of this machine's own is looked for on this machine") {
  const auto here = of(Mechanism::transparent_proxy, only::here);
  CHECK(is_told(here, "OUTPUT"));
  CHECK_FALSE(is_told(here, "PREROUTING"));
  CHECK(is_told(of(Mechanism::transparent_proxy, only::not_here), "PREROUTING"));
}

TEST_CASE("A tarpit is looked for where it answers") {
  CHECK(is_told(of(Mechanism::tarpit, only::at_host), "ss -ltnp"));
  CHECK_FALSE(is_told(of(Mechanism::tarpit, only::at_host), "On {device}"));
  CHECK(is_told(of(Mechanism::tarpit, only::before_host), "On {device}"));
  CHECK_FALSE(is_told(of(Mechanism::tarpit, only::before_host), "ss -ltnp"));
}

TEST_CASE("Packets that come back to this machine: its own route is looked at as well") {
  const auto back = of(Mechanism::routing_loop, only::sent_back);
  CHECK(is_told(back, "its own route"));
  CHECK_FALSE(is_told(back, "repeat in the path table"));
  CHECK(is_told(of(Mechanism::routing_loop, only::circling | only::repeated),
                "repeat in the path table"));
  const auto unseen = of(Mechanism::routing_loop, only::circling | only::unrepeated);
  CHECK_FALSE(is_told(unseen, "repeat in the path table"));
  CHECK(is_told(unseen, "On the router that says time exceeded"));
}

TEST_CASE("Too few hops are a setting or a rule of this machine, no missing route or VPN") {
  const auto setting = of(Mechanism::local_route, only::by_form);
  CHECK(is_told(setting, "ip_default_ttl"));
  CHECK_FALSE(is_told(setting, "VPN"));
  CHECK(is_told(of(Mechanism::local_route, only::alike), "VPN"));
  const auto rule = of(Mechanism::local_output_filter, only::few_hops);
  CHECK(is_told(rule, "-t mangle"));
  CHECK_FALSE(is_told(rule, "ufw"));
}

TEST_CASE("Answers that come in for another machine: no capture on the server is needed") {
  const auto wrong = of(Mechanism::answer_lost, only::came_wrong);
  CHECK(is_told(wrong, "hardware address"));
  CHECK_FALSE(is_told(wrong, "network ACL"));
  CHECK(is_told(of(Mechanism::answer_lost, only::came_not), "network ACL"));
}

TEST_CASE(
    "A router that may have said before what it keeps to itself is asked again after a rest") {
  const auto spent = steps_for(of(Mechanism::blackhole, only::spent));
  CHECK(spent.at(1)->text.find("rest for ten seconds") != std::string_view::npos);
}

TEST_CASE("Links below the captured one, and a gateway nobody heard of, come second") {
  const auto below = steps_for(of(Mechanism::filter_drop, only::below));
  CHECK(below.at(1)->text.find("stands on other links") != std::string_view::npos);
  const auto unheard = steps_for(of(Mechanism::blackhole, only::unheard));
  CHECK(unheard.at(1)->commands.find("ip neigh show {gateway}") != std::string_view::npos);
}

TEST_CASE("Where IPv6 cannot be sent, whether it is switched off is looked at; ::1 needs no VPN") {
  const auto six = of(Mechanism::local_route, only::alike | only::ipv6);
  CHECK(is_told(six, "disable_ipv6"));
  CHECK(is_told(six, "VPN"));
  CHECK_FALSE(is_told(of(Mechanism::local_route, only::alike), "disable_ipv6"));
  auto own = six;
  own.holds &= ~only::elsewhere;
  CHECK_FALSE(is_told(own, "VPN"));
}

TEST_CASE("What leaves by the loopback interface for another machine: -i may have done that") {
  CHECK(is_told(of(Mechanism::local_route, only::alike | only::by_loopback), "-i or -s"));
  CHECK_FALSE(is_told(of(Mechanism::local_route, only::alike), "-i or -s"));
}

TEST_CASE("A service that has greeted is behind no wrapper and no proxy without a backend") {
  const auto before =
      of(Mechanism::accept_then_close, only::ssh | only::wordless | only::ungreeted);
  const auto after = of(Mechanism::accept_then_close, only::ssh | only::wordless);
  CHECK(is_told(before, "hosts.deny"));
  CHECK(is_told(before, "living backend"));
  CHECK_FALSE(is_told(after, "hosts.deny"));
  CHECK_FALSE(is_told(after, "living backend"));
  CHECK(is_told(after, "journalctl -u ssh"));
}

TEST_CASE("Inside a container whose network is a program the first step leads outside") {
  const auto inside = steps_for(of(Mechanism::closed_port, only::inside));
  CHECK(inside.at(0)->text.find("on the machine that runs it") != std::string_view::npos);
  CHECK(inside.at(1)->text.find("a portal for guests") != std::string_view::npos);
  CHECK_FALSE(is_told(of(Mechanism::closed_port, only::always), "on the machine that runs it"));
}

TEST_CASE("A tunnel is not looked for with ARP, nor mended with a cable") {
  const auto tunnel = of(Mechanism::local_neighbour, only::by_tunnel);
  CHECK(is_told(tunnel, "connect it again"));
  CHECK_FALSE(is_told(tunnel, "ip neigh"));
  CHECK(is_told(of(Mechanism::local_neighbour, only::by_wire), "ip neigh"));
  const auto down = of(Mechanism::local_interface, only::by_tunnel);
  CHECK(is_told(down, "VPN client"));
  CHECK_FALSE(is_told(down, "cable"));
  CHECK_FALSE(is_told(down, "ip link set"));
  auto silent = cases::blackhole();
  silent.run.facts.vantage.point_to_point = true;
  silent.analysis.verdict.explanations.front().mechanism = Mechanism::local_neighbour;
  CHECK(next_steps(silent.input()).front().commands.at(1).starts_with("sudo wg show"));
}

TEST_CASE("Another address, and another way out, of this machine are tried before all else") {
  auto silent = cases::blackhole();
  CHECK(first_looks(silent.input()).empty());
  auto& vantage = silent.run.facts.vantage;
  vantage.other_sources = {*IpAddress::parse("192.0.2.99")};
  vantage.other_exits = {{7, "wwan0"}};
  const auto steps = next_steps(silent.input());
  CHECK(steps.at(0).commands.front().ends_with(" -s 192.0.2.99"));
  CHECK(steps.at(1).commands.front().ends_with(" -i wwan0"));
  silent.analysis.verdict.explanations.clear();
  CHECK(first_looks(silent.input()).empty());
}

TEST_CASE("A source address that is refused is no matter of the port") {
  auto refused = cases::icmp_reject_router();
  REQUIRE(refused.analysis.icmp);
  refused.analysis.icmp->from = *IpAddress::parse("2001:db8::1");
  refused.analysis.icmp->type = 1;
  refused.analysis.icmp->code = 5;
  CHECK(next_steps(refused.input()).front().text.find("source address") != std::string::npos);
  CHECK(document_of(refused.input()).summary.front().find("The port has no part") !=
        std::string::npos);
  refused.analysis.icmp->code = 1;
  CHECK(first_looks(refused.input()).empty());
}

TEST_CASE("An address that a NAT64 makes another of is named as that one") {
  CHECK(embedded_ipv4(*IpAddress::parse("64:ff9b::a00:302")) == IpAddress::parse("10.0.3.2"));
  CHECK_FALSE(embedded_ipv4(*IpAddress::parse("64:ff9b:1::a00:302")));
  CHECK_FALSE(embedded_ipv4(*IpAddress::parse("10.0.3.2")));
}
