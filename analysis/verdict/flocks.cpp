#include "analysis/verdict/flocks.hpp"

#include <algorithm>

#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/resets.hpp"

namespace hopblame {
namespace {

Voice voice_of(const Exchange& asked, const Reply& reply) {
  if (reply.icmp) return {reply.from, {}};
  Voice voice{{}, reply.hop_limit};
  if (asked.origin == Origin::raw && asked.spec.traffic_class == probe_traffic_class)
    voice.marked = carries_mark(reply);
  else if (reply.from.family == Family::ipv6)
    voice.marked = has_label(reply);
  return voice;
}

bool same_way(const Voice& one, const Voice& other) {
  return one.message_from == other.message_from && one.received == other.received;
}

/// One device does not send a RST to some flows and a message to others, nor RSTs of a stack beside
/// those of a rule that come another way. RSTs that differ in their way back alone may be one's.
bool may_be_one(const Voice& one, const Voice& other) {
  if (one.message_from || other.message_from) return one.message_from == other.message_from;
  return one.received == other.received || one.marked == other.marked;
}

}  // namespace

std::optional<Voice> single_voice(const PortFlow& flow) {
  std::optional<Voice> voice;
  for (const auto& one : flow.tries)
    for (const auto& reply : one.exchange->replies) {
      if (!is_reset_ack(reply) && !is_rejection(reply)) continue;
      const auto heard = voice_of(*one.exchange, reply);
      if (voice && (!same_way(*voice, heard) || voice->marked != heard.marked)) return {};
      voice = heard;
    }
  return voice;
}

/// Raw flows first: the SYN of connect() bears no mark that a stack could copy.
std::vector<Flock> flocks_of(std::vector<PortFlow> flows) {
  std::vector<Flock> flocks;
  const auto join = [&](const Voice& voice, const PortFlow& flow, auto alike) {
    const auto known =
        std::ranges::find_if(flocks, [&](const Flock& flock) { return alike(flock.voice, voice); });
    if (known != flocks.end()) known->flows.push_back(flow);
    return known != flocks.end();
  };
  std::stable_partition(flows.begin(), flows.end(), [](const PortFlow& flow) { return flow.raw; });
  for (const auto& flow : flows) {
    const auto voice = single_voice(flow);
    if (!voice) continue;
    if (!join(*voice, flow, same_way) && !join(*voice, flow, may_be_one))
      flocks.push_back({*voice, {flow}});
  }
  return flocks;
}

/// Probes of other kinds have flows of their own, but for the SYN with a wrong checksum.
std::optional<Finding> judge_flock(const Case& the_case, const Flock& flock) {
  const auto kept = without(the_case, [&](const Exchange& exchange) {
    const auto& question = exchange.spec.question;
    const bool of_flow =
        question.kind == ProbeKind::syn || question.kind == ProbeKind::syn_bad_checksum;
    return question.aim == Aim::target && !(of_flow && belongs_to_any(flock.flows, exchange));
  });
  auto view = make_case(the_case, kept);
  view.divided = true;
  return flock.voice.message_from ? judge_rejected(view) : judge_refused(view);
}

void add_beside(std::vector<Explanation>& found, std::vector<Explanation> second,
                const Evidence& why) {
  for (auto& explanation : second) {
    explanation.rank = 2;
    explanation.beside = true;
    explanation.because.insert(explanation.because.begin(), why);
    found.push_back(std::move(explanation));
  }
}

void add_beside(Finding& finding, const std::optional<Finding>& second, const Evidence& why) {
  if (second) add_beside(finding.explanations, second->explanations, why);
}

void add_refusal_beside(Finding& finding, const Case& the_case,
                        const std::function<bool(const Exchange&)>& silent, const Evidence& why) {
  const auto kept = without(the_case, [&](const Exchange& one) {
    return is_syn(one, Aim::target) && !one.answered() && silent(one);
  });
  add_beside(finding, judge_refused(make_case(the_case, kept)), why);
}

}  // namespace hopblame
