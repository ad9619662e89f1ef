// Two equal paths between r1 and r3, through r2 and through r2b; only r2b is at fault. The planner
// asks, the judges judge. Flows with an odd lane go through r2b.

#include <memory>

#include "analysis/analyse.hpp"
#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

bool meets_fault(const Question& question) {
  return question.kind == ProbeKind::syn && question.lane % 2 == 1;
}

std::string healthy(const Question& question) {
  if (question.kind == ProbeKind::echo) return along(question, 4, "echo-reply ttl=61");
  if (question.kind == ProbeKind::syn && question.aim == Aim::target)
    return along(question, 4, "syn-ack ttl=61");
  return along(question, 4, "rst-ack ttl=61 marked");
}

/// The same, and nothing listens.
World closed(const World& world) {
  return [=](const Question& question) {
    auto answer = world(question);
    if (const auto at = answer.find("syn-ack"); at != std::string::npos)
      answer.replace(at, std::string::npos, "rst-ack ttl=61 marked");
    return answer;
  };
}

World with_fault(const std::string& answer, bool every_port = false) {
  return [=](const Question& question) -> std::string {
    if (!meets_fault(question) || (!every_port && question.aim != Aim::target))
      return healthy(question);
    if (question.hop_limit.value == 2) return "te from=r2b ttl=63";
    return question.hop_limit.value == 1 ? healthy(question) : answer;
  };
}

std::string verdict_of(const World& world) {
  const auto family = each_family();
  const auto planned = plan(world, family);
  REQUIRE(planned.done);
  return trace::verdict_of(planned.trace, family);
}

}  // namespace

TEST_CASE("Divided path: one of two routers resets") {
  CHECK(verdict_of(with_fault("rst-ack ttl=63")) ==
        "intermittent: router 2..2 strong: middlebox-reset");
}

TEST_CASE(
    "Divided path: a nearer machine behind the address resets, or a router before it forwards") {
  const auto world = [](const Question& question) -> std::string {
    if (!meets_fault(question) || question.aim != Aim::target) return healthy(question);
    return question.hop_limit.value == 1 ? healthy(question) : "rst-ack ttl=63";
  };
  const auto verdict = verdict_of(world);
  CHECK_THAT(verdict, begins_with("intermittent: router 2..2 strong: middlebox-reset"));
  CHECK_THAT(verdict, mentions("host-firewall-reset"));
}

TEST_CASE("Accepted first and refused then: the flow is counted once") {
  const auto run = run_of("0 syn target < syn-ack ttl=61\n1 syn target x3 < rst-ack ttl=61\n");
  const auto verdict = analyse(run).verdict;
  REQUIRE(verdict.outcome == Outcome::intermittent);
  CHECK_THAT(verdict.explanations.front().because.front().text.str(), begins_with("Of 1 flow to "));
}

TEST_CASE("Divided path: one of two routers rejects") {
  CHECK(verdict_of(with_fault("icmp=admin from=r2b ttl=63")) ==
        "intermittent: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("Divided path: the router that rejects has four ICMP messages left") {
  unsigned sent = 0;
  const auto world = with_fault("icmp=admin from=r2b ttl=63");
  const auto limited = [&](const Question& question) {
    const auto answer = world(question);
    const bool by_r2b = answer.find("from=r2b") != std::string::npos;
    return by_r2b && ++sent > 4 ? std::string{} : answer;
  };
  CHECK(verdict_of(limited) == "intermittent: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("Divided path: one of two routers drops the port") {
  CHECK_THAT(verdict_of(with_fault("")),
             begins_with("intermittent: between 2..3 strong: filter-drop"));
}

TEST_CASE(
    "Divided path: a probe of a refused flow that got past whoever resets speaks against it") {
  const auto family = each_family();
  const auto refuse = with_fault("rst-ack ttl=63");
  const auto planned = plan(
      [&](const Question& question) {
        const bool lucky = meets_fault(question) && question.hop_limit.value == 3;
        return lucky ? std::string("te from=r3 ttl=62") : refuse(question);
      },
      family);
  const auto verdict = analyse(run_of(planned.trace, family)).verdict;
  CHECK(verdict.culprit.where.first_hop == 2);
  CHECK(verdict.culprit.where.last_hop == 2);
  REQUIRE(verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  REQUIRE(verdict.explanations.front().against.size() == 1);
  CHECK_FALSE(verdict.explanations.front().against.front().packets.empty());
}

TEST_CASE("Divided path: the router on the way in question is the first of its hop") {
  const auto planned = plan(with_fault(""), Family::ipv4);
  const auto analysis = analyse(run_of(planned.trace));
  const auto& responders = analysis.path.hops.at(1).responders;
  REQUIRE(responders.size() == 2);
  const auto other = plan(with_fault("rst-ack ttl=63"), Family::ipv4);
  const auto& where = analyse(run_of(other.trace)).verdict.culprit.where;
  REQUIRE(where.address);
  CHECK(responders.front() == *where.address);
}

TEST_CASE("Divided path: one of two routers drops everything") {
  const auto verdict = verdict_of(with_fault("", true));
  CHECK_THAT(verdict, begins_with("intermittent: between 2..3 "));
  CHECK_THAT(verdict, mentions("blackhole"));
}

TEST_CASE("Divided path: seven flows happen to be dropped before one gets through") {
  const auto world = [](const Question& question) -> std::string {
    const bool dead = question.aim == Aim::target && question.kind == ProbeKind::syn &&
                      (question.lane < 7 || question.lane % 2 == 1);
    if (!dead || question.hop_limit.value == 1) return healthy(question);
    return question.hop_limit.value == 2 ? "te from=r2b ttl=63" : "";
  };
  const auto verdict = verdict_of(world);
  CHECK_THAT(verdict, begins_with("intermittent: between 2..3 "));
  CHECK_THAT(verdict, mentions("filter-drop"));
}

TEST_CASE("Divided path: answers get lost beside, and it is not only a limit") {
  const auto lossy = [](const World& world, unsigned every) {
    return [=, count = std::make_shared<unsigned>()](const Question& question) {
      const auto answer = world(question);
      return !answer.empty() && ++*count % every == 0 ? std::string{} : answer;
    };
  };
  const auto every = GENERATE(5u, 6u, 7u, 9u);
  const bool every_port = GENERATE(false, true);
  const auto verdict = verdict_of(lossy(with_fault("", every_port), every));
  INFO(every << " " << every_port);
  CHECK_THAT(verdict, begins_with("intermittent: "));
  CHECK_THAT(verdict, mentions("filter-drop"));
}

TEST_CASE(
    "Divided path: a router on one way is dead, and the one before it says so of another port") {
  const auto world = with_fault("", true);
  const auto verdict = verdict_of([&](const Question& question) {
    const bool told = meets_fault(question) && question.aim == Aim::control &&
                      question.hop_limit == full_hop_limit;
    return told ? std::string("icmp=host from=r2b ttl=63 q=62 after=3.06") : world(question);
  });
  CHECK_THAT(verdict, begins_with("intermittent: between 2..3 weak: host-down / "));
  CHECK_THAT(verdict, mentions("filter-drop"));
}

TEST_CASE("Divided path: behind a router that is mute for every flow the dropper may stand too") {
  const auto world = with_fault("", true);
  const auto verdict = verdict_of([&](const Question& question) {
    return question.hop_limit.value == 3 ? std::string{} : world(question);
  });
  CHECK_THAT(verdict, begins_with("intermittent: between 2..4 "));
}

TEST_CASE("Divided path: of the flows that do not get through each kind has a fault of its own") {
  const auto three_ways = [](const std::string& second, const std::string& third) {
    return [=](const Question& question) -> std::string {
      const bool asks_port = question.kind == ProbeKind::syn && question.aim == Aim::target;
      const auto way = asks_port ? question.lane % 3 : 0;
      if (way == 1 && question.hop_limit.value >= 2) return second;
      if (way == 2 && question.hop_limit.value >= 4) return third;
      return healthy(question);
    };
  };
  SECTION("a router resets, another one drops") {
    const auto verdict = verdict_of(three_ways("rst-ack ttl=63", ""));
    CHECK_THAT(verdict, begins_with("intermittent: router 2..2 strong: middlebox-reset"));
    CHECK_THAT(verdict, ends_with("filter-drop 1..4 answer-lost 1..4"));  // nobody walked there
  }
  SECTION("a router resets, another one rejects") {
    const auto verdict = verdict_of(three_ways("rst-ack ttl=63", "icmp=admin from=r3 ttl=62"));
    CHECK_THAT(verdict, begins_with("intermittent: router 2..2 strong: middlebox-reset"));
    CHECK_THAT(verdict, mentions("icmp-reject-router"));
  }
  SECTION("two routers reject") {
    const auto verdict =
        verdict_of(three_ways("icmp=admin from=r2 ttl=63", "icmp=admin from=r3 ttl=62"));
    CHECK_THAT(verdict, mentions("icmp-reject-router.* / icmp-reject-router 3..3"));
  }
  SECTION("two routers reject, one of them connect() as well") {
    const auto family = each_family();
    const auto planned =
        plan(three_ways("icmp=admin from=r2 ttl=63", "icmp=admin from=r3 ttl=62"), family,
             "0.0005 connect returns=EHOSTUNREACH < icmp=admin from=r3 ttl=62\n");
    CHECK_THAT(trace::verdict_of(planned.trace, family),
               mentions("icmp-reject-router.* / icmp-reject-router 3..3"));
  }
}

TEST_CASE("Divided path: a closed port behind two routers, one of which drops the port") {
  const auto verdict = verdict_of(closed(with_fault("")));
  CHECK_THAT(verdict, begins_with("intermittent: between 2..3 strong: filter-drop"));
  CHECK_THAT(verdict, mentions("closed-port 4..4"));
}

TEST_CASE("Divided path: a closed port behind two routers, one of which drops everything") {
  const auto verdict = verdict_of(closed(with_fault("", true)));
  CHECK_THAT(verdict, begins_with("intermittent: between 2..3 "));
  CHECK_THAT(verdict, mentions("blackhole"));
}

TEST_CASE("Divided path: a closed port behind two routers, one of which turns flows away itself") {
  const auto reset = verdict_of(closed(with_fault("rst-ack ttl=63")));
  CHECK_THAT(reset, begins_with("refused: "));
  CHECK_THAT(reset,
             mentions("closed-port 4..4") || mentions("destination 4..4 strong: closed-port"));
  CHECK_THAT(reset, mentions("middlebox-reset"));
  CHECK_THAT(reset, !mentions("injected-reset"));
  const auto message = verdict_of(closed(with_fault("icmp=admin from=r2b ttl=63")));
  CHECK_THAT(message, mentions("closed-port"));
  CHECK_THAT(message, mentions("icmp-reject-router"));
  CHECK_THAT(message, is_not_certain());
}

TEST_CASE("Divided path: what is said of the silent flows is not said of all, nor the refusal") {
  const auto family = each_family();
  const auto planned = plan(closed(with_fault("", true)), family);
  const auto verdict = analyse(run_of(planned.trace, family)).verdict;
  for (const auto& explanation : verdict.explanations) {
    bool beside = false;
    for (const auto& evidence : explanation.because) {
      const auto text = evidence.text.str();
      CHECK(text.find("nothing answers any probe") == std::string::npos);
      beside = beside || (text.find("A fault of its own") == 0 && !evidence.packets.empty());
    }
    CHECK(beside == (explanation.mechanism == Mechanism::closed_port));
  }
}

TEST_CASE("Divided path: the first flows to the port were lucky, those to the other port tell") {
  const auto world = closed(with_fault("", true));
  const auto lucky = [&](const Question& question) {
    auto met = question;
    if (question.aim == Aim::target && question.lane <= 3) met.lane = 0;
    return world(met);
  };
  CHECK_THAT(verdict_of(lucky), begins_with("intermittent: between 2..3 "));
}

TEST_CASE("Divided path: an answering port is sent five SYNs at most that arrive") {
  const auto planned = plan(healthy, each_family());
  const auto arriving = std::ranges::count_if(planned.asked, [](const std::string& question) {
    const bool short_of_host = question.find("@1") != std::string::npos ||
                               question.find("@2") != std::string::npos ||
                               question.find("@3") != std::string::npos;
    return question.starts_with("syn target") && !short_of_host;
  });
  CHECK(arriving <= 4);  // connect()'s is the fifth
}

TEST_CASE("Packets take two ways in turns, and one router rejects: it stands where it says") {
  // Another router lets a SYN pass at the same hop.
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r3b ttl=62 q=61\n0.1 syn target < syn-ack ttl=61\n" +
      passes("target", 1, 3) + "0.3 syn target @5 < icmp=admin from=r3b ttl=62 q=2\n" +
      "0.4 syn target @4 < syn-ack ttl=61\n0.5 syn target lane=1 < syn-ack ttl=61\n" +
      "0.6 syn target lane=40 @3 < te from=r3b ttl=62\n" +
      "0.7 syn target lane=2 < icmp=admin from=r3b ttl=62 q=61\n" + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  const auto& where = analysis.verdict.culprit.where;
  CHECK(where.kind == CulpritKind::router);
  CHECK(where.first_hop == 3);
  CHECK(where.last_hop == 3);
  CHECK(where.address == address_of("r3b", family));
  CHECK(analysis.path.hops.at(2).responders.front() == address_of("r3b", family));
}

TEST_CASE(
    "A route that is lost while we ask: that SYNs had died there before tells of another time") {
  const auto family = each_family();
  const std::string accepted = " < syn-ack ttl=61\n";
  auto lines = "0 syn target" + accepted + "0.01 connect returns=0 says=SSH-2.0-x" + accepted +
               passes("target", 1, 3) + "0.1 syn target @4" + accepted + closed_control(4);
  for (int lane = 1; lane < 4; ++lane)
    lines += "0.2 syn target lane=" + std::to_string(lane) + accepted;
  for (int lane = 4; lane < 7; ++lane)
    lines += "1 syn target lane=" + std::to_string(lane) + " < icmp=net from=r2 ttl=63 q=63\n";
  const auto analysis = analyse(run_of(lines, family));
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(lists(analysis.verdict.explanations, Mechanism::no_route));
}

TEST_CASE("connect() was rejected before it sent its SYN again: the rejection is listed") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61\n" + closed_control(4) +
                     passes("target", 1, 3) + "0.1 syn target @4 < syn-ack ttl=61\n" +
                     "0.2 syn target lane=1 < syn-ack ttl=61\n"
                     "0.01 connect syns=2 returns=EHOSTUNREACH < icmp=admin from=r3b ttl=62 q=61 "
                     "< syn-ack ttl=61 only=2\n";
  CHECK_THAT(trace::verdict_of(lines, family), mentions("icmp-reject-router"));
}
