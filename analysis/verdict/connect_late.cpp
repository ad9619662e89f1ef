#include "analysis/verdict/connect_late.hpp"

#include "analysis/verdict/connect_causes.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Linux sends its second SYN after a second, and the third no sooner than one after that.
constexpr Duration before_second = std::chrono::milliseconds(500),
                   before_third = std::chrono::milliseconds(1500);

const SynsTold* told_late(const Case& the_case) {
  const auto& only = the_case.run.connect_only;
  const bool late = only && only->syns && only->syns->repeats > 0 && the_case.run.connect->ended;
  return late ? &*only->syns : nullptr;
}

Duration took(const Case& the_case) {
  return *the_case.run.connect->ended - the_case.run.connect->at;
}

/// How long after the first SYN the one was sent that was answered.
std::optional<Duration> silent_for(const Case& the_case) {
  const auto* told = told_late(the_case);
  if (!told || !told->round_trip) return {};
  return took(the_case) - *told->round_trip;
}

bool is_slow(const Case& the_case) {
  const auto silent = silent_for(the_case);
  return silent && *silent < before_second;
}

Text in_words(const Case& the_case) {
  const auto& told = *told_late(the_case);
  const auto silent = silent_for(the_case);
  const Seconds whole{took(the_case)};
  if (!silent)
    return say(
        "connect() took {} s and {} SYNs: those before the last got no answer, or got it "
        "late.",
        whole, told.repeats + 1);
  if (is_slow(the_case))
    return say(
        "connect() took {} s: the answer to its first SYN came so late (its time stamp says "
        "to which SYN it belongs).",
        whole);
  return say(
      "connect() took {} s: of its {} SYNs the one sent after {} s was answered, within "
      "{} ms; those before it got no answer.",
      whole, told.repeats + 1, Seconds{*silent}, Milliseconds{*told.round_trip});
}

}  // namespace

std::optional<Evidence> late_answer(const Case& the_case) {
  if (!told_late(the_case)) return {};
  return Evidence{in_words(the_case), {}};
}

void add_those_of_late_answer(const Case& the_case, Finding& finding) {
  if (!told_late(the_case) || is_slow(the_case)) return;
  // One SYN is lost by chance now and then, two in a row hardly ever.
  const auto silent = silent_for(the_case);
  const bool by_chance = !silent || *silent < before_third;
  Causes causes(the_case, say("connect() to port {} succeeded in the end.", port_of(the_case)));
  const unsigned rank = by_chance ? 2 : 1;
  causes.add(Mechanism::rate_limit, anywhere(the_case), rank);
  causes.add(Mechanism::filter_drop, anywhere(the_case), rank);
  causes.add(Mechanism::blackhole, anywhere(the_case), rank);
  causes.add(Mechanism::accept_queue_full, connect_target(the_case), rank);
  causes.add(Mechanism::syn_filter, anywhere(the_case), 2);  // many drop the first SYN, not more
  causes.add(Mechanism::path_loss, anywhere(the_case), 2);
  auto others = causes.as(Outcome::intermittent);
  if (!by_chance) {
    finding = std::move(others);
    return;
  }
  finding.confidence = Confidence::weak;
  for (auto& one : others.explanations) finding.explanations.push_back(std::move(one));
}

}  // namespace hopblame
