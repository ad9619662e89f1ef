#include "tests/analysis/planned_world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/correlate/correlator.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

namespace hopblame::trace {
namespace {

constexpr int far_too_many = 1000;

std::string words_of(const Question& question) {
  std::string text =
      question.kind == ProbeKind::syn_bad_checksum ? "bad-syn" : to_string(question.kind);
  if (question.aim != Aim::none) text += fmt::format(" {}", to_string(question.aim));
  if (question.hop_limit != full_hop_limit) text += fmt::format(" @{}", question.hop_limit.value);
  if (question.lane != 0) text += fmt::format(" lane={}", question.lane);
  return text;
}

double since(TimePoint start, TimePoint at) { return seconds(at - start); }

/// What is known at a moment, and when the next packet comes.
struct Known {
  Known(const Run& run, TimePoint now) {
    for (const auto& send : run.sends) correlator.sent(send);
    if (run.connect) correlator.connecting(run.connect->flow);
    for (const auto& observation : run.observations) {
      if (observation.at <= now)
        correlator.observe(observation);
      else if (!next || observation.at < *next)
        next = observation.at;
    }
  }
  Correlator correlator;
  std::optional<TimePoint> next;
};

}  // namespace

std::size_t Planned::count(const std::string& question) const {
  return static_cast<std::size_t>(std::ranges::count(asked, question));
}

std::size_t Planned::first(const std::string& question) const {
  return static_cast<std::size_t>(std::ranges::find(asked, question) - asked.begin());
}

Planned plan(const World& world, Family family, const std::string& facts) {
  Planned planned{{}, {}, 0, false, facts + "\n"};
  auto now = run_of(planned.trace, family).started;
  const auto start = now;
  for (int step = 0; step < far_too_many; ++step) {
    const auto run = run_of(planned.trace, family);
    const Known known(run, now);
    const Situation situation{
        run.goal, run.facts.vantage, known.correlator.exchanges(), run.connect, start, now};
    const auto decision = next_step(situation);
    planned.seconds = since(start, now);
    if (std::holds_alternative<Done>(decision)) {
      planned.done = true;
      planned.trace += fmt::format("fact ends={:.9f}\n", planned.seconds + 0.001);
      return planned;
    }
    if (std::holds_alternative<HangUp>(decision)) {
      planned.trace += fmt::format("fact hung-up={:.9f}\n", planned.seconds);
      continue;
    }
    if (const auto* send = std::get_if<Send>(&decision)) {
      const auto answer = world(send->question);
      planned.asked.push_back(words_of(send->question));
      planned.at.push_back(planned.seconds);
      planned.trace += fmt::format("{:.9f} {}{}{}\n", planned.seconds, planned.asked.back(),
                                   answer.empty()       ? ""
                                   : answer == "unsent" ? " "
                                                        : " < ",
                                   answer);
      continue;
    }
    now = std::get<WaitUntil>(decision).at;
    if (known.next) now = std::min(now, *known.next);
  }
  return planned;
}

std::string along(const Question& question, int distance, const std::string& at_end) {
  const int hops = question.hop_limit.value;
  if (hops >= distance) return at_end;
  return fmt::format("te from=r{} ttl={}", hops, 65 - hops);
}

std::string closed_host(const Question& question) {
  switch (question.kind) {
    case ProbeKind::ack: return along(question, 4, "rst ttl=61 marked");
    case ProbeKind::syn_bad_checksum: return along(question, 4, "");
    case ProbeKind::echo: return along(question, 4, "echo-reply ttl=61");
    default: return along(question, 4, "rst-ack ttl=61 marked");
  }
}

bool to_target(const Question& question) { return question.aim == Aim::target; }
bool is_tcp(const Question& question) {
  return question.kind != ProbeKind::echo && question.kind != ProbeKind::udp;
}

std::string rejecting_r2(const Question& question) {
  if (!to_target(question)) return closed_host(question);
  if (question.kind == ProbeKind::syn_bad_checksum) return along(question, 3, "");
  return along(
      question, 3,
      fmt::format("icmp=admin from=r2 ttl=63 q={}", question.hop_limit == full_hop_limit ? 62 : 1));
}

std::string resetting_r2(const Question& question) {
  if (!to_target(question)) return closed_host(question);
  return along(question, 3, question.kind == ProbeKind::ack ? "rst ttl=63" : "rst-ack ttl=63");
}

std::string dropping_host(const Question& question) {
  return to_target(question) && is_tcp(question) ? along(question, 4, "") : closed_host(question);
}

std::string open_host(const Question& question) {
  if (question.kind == ProbeKind::syn && to_target(question))
    return along(question, 4, "syn-ack ttl=61");
  return closed_host(question);
}

std::string nothing(const Question&) { return ""; }

std::string verdict_of(const Planned& planned, Family family) {
  return trace::verdict_of(planned.trace, family);
}

}  // namespace hopblame::trace
