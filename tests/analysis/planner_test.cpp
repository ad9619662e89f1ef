// What the planner asks next: for each fate of the SYN, which questions, in which order, that it
// ends, and that what it asked is enough for the verdict. Host at hop 4 behind r1, r2, r3.

#include <fmt/format.h>

#include <utility>

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("Plan: the first question is the port itself, the second the comparison") {
  const auto planned = plan(closed_host, each_family());
  REQUIRE(planned.asked.size() >= 2);
  CHECK(planned.asked[0] == "syn target");
  CHECK(planned.first("syn control") < planned.asked.size());
}

TEST_CASE("Plan: a control port that a rule hides costs one patience, not three tries") {
  const auto family = each_family();
  const bool open = GENERATE(true, false);
  const auto planned = plan(
      [&](const Question& question) {
        if (!to_target(question)) return along(question, 4, "");
        return open ? open_host(question) : closed_host(question);
      },
      family);
  REQUIRE(planned.done);
  CHECK(planned.seconds < 0.7);
  CHECK(planned.count("syn control") == 1);
  CHECK(planned.count("syn control lane=1") == 1);
}

TEST_CASE("Plan: a closed port needs the walk and the comparison, and no second") {
  const auto family = each_family();
  const auto planned = plan(closed_host, family);
  REQUIRE(planned.done);
  CHECK(planned.seconds < 0.6);
  CHECK(planned.asked.size() < 30);
  CHECK(planned.count("syn target @4") == 1);
  CHECK(planned.count("syn control @4") == 1);
  CHECK(planned.count("fin target") == 0);
  const auto connect = "0.01 connect returns=ECONNREFUSED < rst-ack ttl=61\n" + planned.trace;
  CHECK(verdict_of(connect, family) == "refused: destination 4..4 certain: closed-port");
}

TEST_CASE("Plan: a stack that begins elsewhere than at 64, 128 or 255 costs no second either") {
  const auto family = each_family();
  for (const int began : {30, 32, 60, 100, 200}) {
    const auto planned = plan(
        [&](const Question& question) -> std::string {
          auto answer = closed_host(question);
          if (const auto at = answer.find("ttl=61"); at != std::string::npos)
            answer.replace(at, 6, fmt::format("ttl={}", began - 3));
          return answer;
        },
        family, "0 connect returns=ECONNREFUSED < rst-ack ttl=" + std::to_string(began - 3));
    INFO(began);
    CHECK(planned.done);
    CHECK(planned.seconds < 0.3);
    CHECK(verdict_of(planned, family) == "refused: destination 4..4 strong: closed-port");
  }
}

TEST_CASE("Plan: a RST that is not the host's brings the contrast probes") {
  const auto family = each_family();
  const auto planned = plan(resetting_r2, family);
  REQUIRE(planned.done);
  CHECK(planned.seconds < 1.5);
  for (const char* question : {"ack target", "fin target", "fin control", "echo"})
    CHECK(planned.count(question) >= 1);
  CHECK(verdict_of(planned, family) == "refused: router 2..2 strong: middlebox-reset");
}

TEST_CASE("Plan: a rejection by ICMP: the walk's end and the bad checksum") {
  const auto family = each_family();
  const auto planned = plan(rejecting_r2, family);
  REQUIRE(planned.done);
  CHECK(planned.count("syn target @3") >= 1);
  CHECK(planned.count("syn target @2") >= 1);
  CHECK(planned.count("bad-syn target") >= 1);
  CHECK(verdict_of(planned, family) == "rejected: router 2..2 certain: icmp-reject-router");
}

TEST_CASE("Plan: beside a rejection the comparison port is not called silent after one SYN") {
  const auto family = each_family();
  unsigned lost = 1;
  const auto planned = plan(
      [&](const Question& question) {
        const bool full = question.hop_limit == full_hop_limit && !to_target(question);
        if (full && question.kind == ProbeKind::syn && lost-- > 0) return std::string();
        return rejecting_r2(question);
      },
      family);
  REQUIRE(planned.done);
  CHECK(planned.count("syn control") == 2);
  CHECK(planned.seconds < 0.6);
  const auto never = plan(
      [](const Question& question) {
        return to_target(question) ? rejecting_r2(question) : along(question, 4, "");
      },
      family);
  REQUIRE(never.done);
  CHECK(never.count("syn control") == 3);
  CHECK(never.seconds < 0.6);
}

TEST_CASE("Plan: ICMP: what decides is asked before what a router's allowance may not cover") {
  const auto planned = plan(rejecting_r2);
  CHECK(planned.first("syn target @3") < planned.first("syn target @1"));
  CHECK(planned.first("bad-syn target") < planned.first("syn target @1"));
  CHECK(planned.first("bad-syn target") < planned.first("syn control @2"));
}

TEST_CASE("Plan: the walk's end is asked before its beginning") {
  const auto planned = plan(rejecting_r2);
  CHECK(planned.first("syn target @3") < planned.first("syn target @2"));
  CHECK(planned.first("syn target @2") < planned.first("syn target @1"));
}

TEST_CASE("Plan: a router that rejects every port is not asked for each of them") {
  const auto all = [](const Question& question) {
    if (question.kind == ProbeKind::echo) return along(question, 4, "echo-reply ttl=61");
    return along(question, 3,
                 fmt::format("icmp=admin from=r2 ttl=63 q={}",
                             question.hop_limit == full_hop_limit ? 62 : 1));
  };
  const auto planned = plan(all);
  REQUIRE(planned.done);
  // Everything that costs r2 one of its six answers: full length, and hop limits 2 and more.
  std::size_t cost = 0;
  for (const auto& question : planned.asked)
    cost += question != "echo" && question.find("@1") == std::string::npos ? 1u : 0u;
  CHECK(cost <= 9);
}

TEST_CASE("Plan: silence is asked for three times, a second apart, and contrasted") {
  const auto family = each_family();
  const auto planned = plan(dropping_host, family);
  REQUIRE(planned.done);
  CHECK(planned.count("syn target") == 3);
  CHECK(planned.count("syn target @4") == 3);
  for (const char* question : {"ack target", "fin target", "echo", "bad-syn target"})
    CHECK(planned.count(question) >= 1);
  CHECK(planned.seconds < 5);
  CHECK(verdict_of(planned, family) ==
        "dropped: between 3..4 strong: filter-drop / answer-lost 1..4");
}

TEST_CASE("Plan: who is more patient than usual hears what comes late to the first SYN") {
  const auto family = each_family();
  const auto dead_next_router = [](const Question& question) -> std::string {
    if (!to_target(question) || !is_tcp(question)) return closed_host(question);
    const bool first = question.kind == ProbeKind::syn && question.hop_limit == full_hop_limit;
    return along(question, 3, first ? "icmp=host from=r2 ttl=63 q=62 after=3.08" : "");
  };
  const auto usual = plan(
      [&](const Question& question) {
        const auto answer = dead_next_router(question);
        return answer.find("after=") == std::string::npos ? answer : std::string{};
      },
      family);
  CHECK(usual.seconds < 3);
  const auto hasty = analyse(run_of(usual.trace, family)).verdict;
  CHECK(in_one_line(hasty) == "dropped: between 2..3 strong: filter-drop");
  CHECK_THAT(hasty.explanations.front().settled_by.str(), mentions("--patience 10"));
  const auto patient = plan(dead_next_router, family, "fact patience=4\n");
  REQUIRE(patient.done);
  CHECK(patient.seconds < 8);
  CHECK(verdict_of(patient, family) == "unreachable: between 2..3 weak: host-down");
}

TEST_CASE("Plan: a wrong checksum that is reset is sent to the closed port as well") {
  const auto family = each_family();
  const auto repaired = [](const Question& question) {
    auto asked = question;
    if (question.kind == ProbeKind::syn_bad_checksum) asked.kind = ProbeKind::syn;
    if (to_target(question)) return along(asked, 4, "rst-ack ttl=61");
    return closed_host(asked);
  };
  const auto planned = plan(repaired, family);
  REQUIRE(planned.done);
  CHECK(planned.count("bad-syn control") == 1);
  CHECK_THAT(verdict_of(planned, family), mentions(" host-firewall-reset") && !mentions("middle"));
  const auto unchecked = [&](const Question& question) {
    const bool bad = question.kind == ProbeKind::syn_bad_checksum;
    return bad && !to_target(question) ? std::string{} : repaired(question);
  };
  const auto before = plan(unchecked, family);
  CHECK(before.count("bad-syn control") == 1);
  CHECK_THAT(verdict_of(before, family),
             mentions("between 3..4 strong: middlebox-reset / host-firewall-reset"));
}

TEST_CASE("Plan: the tries of one silent question are never closer than the slow beat") {
  const auto planned = plan(dropping_host);
  double last = -1;
  for (std::size_t i = 0; i < planned.asked.size(); ++i) {
    if (planned.asked[i] != "syn target @4") continue;
    if (last >= 0) CHECK(planned.at[i] - last >= 0.75);
    last = planned.at[i];
  }
}

TEST_CASE("Plan: an open port is walked from the near end, and no segment is wasted on it") {
  const auto family = each_family();
  const auto planned = plan(open_host, family);
  REQUIRE(planned.done);
  CHECK(planned.first("syn target @1") < planned.first("syn target @2"));
  CHECK(planned.count("fin target") == 0);
  CHECK(planned.count("bad-syn target") == 1);  // it goes before the answer is known
}

TEST_CASE("Plan: where the path divides more flows look for a rule that none has met yet") {
  const auto family = each_family();
  const auto divided = [](const Question& question) -> std::string {
    const bool other_way = question.hop_limit.value == 2 && question.lane % 2 == 1;
    return other_way ? "te from=r2b ttl=63" : open_host(question);
  };
  const auto scouts = [](const Planned& planned) {
    return std::ranges::count_if(planned.asked, [](const std::string& question) {
      return question.starts_with("syn target @3") && question.find("lane") != std::string::npos;
    });
  };
  const auto planned = plan(divided, family);
  REQUIRE(planned.done);
  CHECK(scouts(planned) == 2 * scouts(plan(open_host, family)));
}

TEST_CASE("Plan: one lost answer at the host's own distance is asked again, not walked past") {
  const auto family = each_family();
  const auto aim = GENERATE(Aim::target, Aim::control);
  int lost = 0;
  const auto lossy = [&](const Question& question) -> std::string {
    const bool step =
        question.kind == ProbeKind::syn && question.aim == aim && question.hop_limit.value == 4;
    if (step && lost++ == 0) return "";
    return closed_host(question);
  };
  const auto planned = plan(lossy, family);
  REQUIRE(planned.done);
  const auto verdict = verdict_of(planned, family);
  CHECK_THAT(verdict, begins_with("refused: destination 4..4 "));
  CHECK_THAT(verdict, ends_with(": closed-port"));
}

TEST_CASE("Plan: an ACK to a SYN of a half-open connection is no answer, the SYN is asked again") {
  const auto family = each_family();
  int asked = 0;
  const auto world = [&](const Question& question) -> std::string {
    const bool port = question.kind == ProbeKind::syn && to_target(question) &&
                      question.hop_limit == full_hop_limit;
    if (port && asked++ == 0) return "segment ttl=61";
    return open_host(question);
  };
  const auto planned = plan(world, family);
  REQUIRE(planned.done);
  CHECK_THAT(verdict_of(planned, family), begins_with("open: "));
}

TEST_CASE("Plan: routers that answer some probes only: new flows tell loss from a limit") {
  int answered = 0;
  const auto world = [&](const Question& question) -> std::string {
    const bool router = question.kind == ProbeKind::syn && question.hop_limit.value < 4;
    if (router && answered++ % 4 == 1) return "";
    return closed_host(question);
  };
  const auto count = [](const Planned& planned) {
    return std::ranges::count_if(planned.asked, [](const std::string& question) {
      return question.find("lane") != std::string::npos;
    });
  };
  CHECK(count(plan(world)) >= count(plan(closed_host)) + 2);
}

TEST_CASE("Plan: where RSTs are lost an open port is not walked beyond the routers that answer") {
  const auto family = each_family();
  bool held = false;
  const auto planned = plan(
      [&](const Question& question) {
        const bool arrives = is_tcp(question) && question.hop_limit.value >= 4;
        if (!arrives) return open_host(question);
        // Our RST does not arrive, nor do those of closed ports.
        if (!to_target(question)) return std::string();
        const bool again = question.lane == 0 && std::exchange(held, held || question.lane == 0);
        return again ? std::string() : open_host(question);
      },
      family, "0.001 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n");
  CHECK(planned.count("syn target @7") == 0);
  CHECK(planned.seconds < 4);
}

TEST_CASE("Plan: a hidden control port costs an open one no SYN beyond the host") {
  // Of six in half a minute `ufw limit` turns the last away.
  const auto planned = plan(
      [](const Question& question) {
        const bool hidden = !to_target(question) && question.hop_limit.value >= 4;
        return hidden ? std::string() : open_host(question);
      },
      each_family(), "0.001 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n");
  CHECK(planned.count("syn target @4") == 1);
  CHECK(planned.count("syn target @5") == 0);
}

TEST_CASE("Plan: a connection that a local rule redirects is given the time to greet") {
  const auto kept = [](const Question&) -> std::string { return "unsent"; };
  const std::string accepted = "0.001 connect returns=0 hidden took=0.001";
  const auto silent = plan(kept, each_family(), accepted);
  REQUIRE(silent.done);
  CHECK(silent.seconds > 2.5);
  const auto greeted = plan(kept, each_family(), accepted + " says=SSH-2.0-OpenSSH_9.2 spoke=0.5");
  REQUIRE(greeted.done);
  CHECK(greeted.seconds < 1);
}
