#include "analysis/verdict/refusers.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/verdict/by_few_hops.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Empty where anything gets through, or a flow met more than one sender. Silence is left out: who
/// sends messages may send only so many.
std::vector<Flock> refusers_of(std::vector<PortFlow> flows) {
  std::erase_if(flows, [](const PortFlow& flow) { return flow.fate == SynFate::silent; });
  const auto is_mixed = [](const PortFlow& flow) {
    return flow.both || flow.met(SynFate::accepted) || !single_voice(flow);
  };
  return std::ranges::any_of(flows, is_mixed) ? std::vector<Flock>{} : flocks_of(std::move(flows));
}

/// A router has an address on each of its links, and may be reached by several ways: names alone
/// tell no two devices apart.
bool may_be_one_router(const Case& the_case, const std::vector<Flock>& flocks) {
  return std::ranges::all_of(flocks, [&](const Flock& flock) {
    return flock.voice.message_from && flock.voice.message_from != the_case.owner();
  });
}

/// The answers of the comparison port come over as many routers as these RSTs, on one flow or
/// another: the way back goes by the flow, and these may all be one host's.
bool may_be_ways_of_host(const Case& the_case, const std::vector<Flock>& flocks) {
  const auto control = control_resets(the_case);
  return std::ranges::all_of(flocks, [&](const Flock& flock) {
    const auto& [from, received, marked] = flock.voice;
    const bool differs = marked && flocks.front().voice.marked != marked;
    return !from && !differs && std::ranges::count(control, received, &Reply::hop_limit) > 0;
  });
}

Evidence counted(const Case& the_case, const Flock& flock, std::size_t all, bool may_be_one) {
  if (may_be_one)
    return {
        say("{} of {} flows to port {} are turned away by this one, and the others under another "
            "address: by two devices, or by one router that is reached by two ways.",
            flock.flows.size(), all, port_of(the_case)),
        asked_on({&flock.flows})};
  return {say("{} of {} flows to port {} are turned away by this one, and the others by somebody "
              "else: two faults, each with flows of its own.",
              flock.flows.size(), all, port_of(the_case)),
          asked_on({&flock.flows})};
}

/// The first of two faults: where some packets meet another, nothing is certain.
void tell_first(Finding& finding, const Evidence& why) {
  for (auto& explanation : finding.explanations)
    explanation.because.insert(explanation.because.begin(), why);
  finding.confidence = std::min(finding.confidence, Confidence::strong);
}

bool is_of_connect(const Flock& flock) {
  return std::ranges::any_of(flock.flows, [](const PortFlow& flow) { return !flow.raw; });
}

bool is_answered_by(const Exchange& exchange, bool (*is_it)(const Reply&)) {
  return is_syn(exchange, Aim::target) && std::ranges::any_of(exchange.replies, is_it);
}

/// SYNs that were answered in one way, and who is judged to have done it.
struct Turned {
  bool (*is_it)(const Reply&);
  std::optional<Finding> (*judge)(const Case&);
  std::string_view fared;
  std::vector<const Exchange*> asked{};
};

/// All that were rejected had fewer hops to go than any that was refused, or the reverse.
bool part_by_hops(const Turned& one, const Turned& other) {
  const auto ends = std::ranges::minmax(one.asked, {}, hops_given);
  const auto others = std::ranges::minmax(other.asked, {}, hops_given);
  return hops_given(ends.max) < hops_given(others.min) ||
         hops_given(others.max) < hops_given(ends.min);
}

Evidence counted(const Case& the_case, const Turned& turned, bool by_hops) {
  const auto count = turned.asked.size();
  const auto* why =
      by_hops ? "two faults; or a rule looks at how many hops a SYN has left, for all of these had "
                "more, or fewer, than any of the others."
              : "two faults, and it is not the flow that decides which of them a packet meets.";
  return {say("{} SYN{} to port {} {} {}, others were turned away otherwise: {}", count,
              plural(count), port_of(the_case), count == 1 ? "was" : "were", turned.fared, why),
          frames(turned.asked)};
}

/// As if those SYNs had not been asked that were answered in the other way.
std::optional<Finding> judge_without(const Case& the_case, const Turned& turned,
                                     const Turned& others) {
  const auto kept =
      without(the_case, [&](const Exchange& one) { return is_answered_by(one, others.is_it); });
  auto alone = make_case(the_case, kept);
  alone.divided = true;
  return turned.judge(alone);
}

/// Not the flow decides but the packet, as where a rule picks them or each is dealt out anew: RSTs
/// and messages, never both to one SYN, and nothing is let through.
std::optional<Finding> judge_mixed(const Case& the_case) {
  Turned refused{is_reset_ack, judge_refused, "refused with a RST"};
  Turned rejected{is_rejection, judge_rejected, "rejected with a message"};
  for (const auto& exchange : the_case.exchanges) {
    if (is_answered_by(exchange, [](const Reply& r) { return r.kind == ReplyKind::syn_ack; }))
      return {};
    for (auto* turned : {&refused, &rejected})
      if (is_answered_by(exchange, turned->is_it)) turned->asked.push_back(&exchange);
  }
  if (refused.asked.empty() || rejected.asked.empty()) return {};
  const auto met_both = [&](const Exchange* one) { return is_answered_by(*one, is_rejection); };
  if (std::ranges::any_of(refused.asked, met_both)) return {};
  const auto& connect = the_case.run.connect;
  const bool told = connect && connect->ended && connect->error != 0;
  const bool refused_first =
      told ? connect->error == ECONNREFUSED : refused.asked.size() >= rejected.asked.size();
  const auto& first = refused_first ? refused : rejected;
  const auto& second = refused_first ? rejected : refused;
  auto finding = judge_without(the_case, first, second);
  if (!finding) return {};
  const bool by_hops = part_by_hops(first, second);
  tell_first(*finding, counted(the_case, first, by_hops));
  add_beside(*finding, judge_without(the_case, second, first), counted(the_case, second, by_hops));
  return finding;
}

}  // namespace

std::optional<Finding> judge_refusers(const Case& the_case) {
  if (the_case.exchanges.size() < 2) return {};  // most targets of a capture: one flow
  auto flocks = refusers_of(flows_to(the_case.exchanges, Aim::target));
  if (flocks.size() < 2) return judge_mixed(the_case);
  if (may_be_ways_of_host(the_case, flocks)) return {};
  std::size_t all = 0;
  for (const auto& flock : flocks) all += flock.flows.size();
  // What the application meets comes first.
  std::stable_partition(flocks.begin(), flocks.end(), is_of_connect);
  const bool may_be_one = may_be_one_router(the_case, flocks);
  std::optional<Finding> whole;
  for (const auto& flock : flocks) {
    auto finding = judge_flock(the_case, flock);
    const auto why = counted(the_case, flock, all, may_be_one);
    if (whole) {
      add_beside(*whole, finding, why);
    } else if (finding) {
      whole = std::move(finding);
      tell_first(*whole, why);
    }
  }
  return whole;
}

}  // namespace hopblame
