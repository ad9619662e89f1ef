#include "analysis/verdict/refusers.hpp"

#include <algorithm>

#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Who turned a flow away, as far as the answer tells: the sender of a message, the way back of a
/// RST and whether it bears the mark of a stack.
struct Voice {
  std::optional<IpAddress> message_from;
  HopLimit received;
  bool marked = false;
};

struct Flock {
  Voice voice;
  std::vector<PortFlow> flows;
};

Voice voice_of(const Reply& reply, bool raw) {
  if (reply.icmp) return {reply.from, {}, false};
  return {{}, reply.hop_limit, raw && carries_mark(reply)};
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

/// Absent where the flow was answered in different ways.
std::optional<Voice> single_voice(const PortFlow& flow) {
  std::optional<Voice> voice;
  for (const auto& one : flow.tries)
    for (const auto& reply : one.exchange->replies) {
      if (!is_reset(reply) && reply.kind != ReplyKind::icmp_error) continue;
      const auto heard = voice_of(reply, flow.raw);
      if (voice && (!same_way(*voice, heard) || voice->marked != heard.marked)) return {};
      voice = heard;
    }
  return voice;
}

/// Raw flows first: the SYN of connect() bears no mark that a stack could copy. Empty where
/// anything gets through, or a flow met more than one.
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
    if (flow.fate == SynFate::silent) continue;  // who sends messages may send only so many
    const auto voice = single_voice(flow);
    if (!voice || flow.both || flow.met(SynFate::accepted)) return {};
    if (!join(*voice, flow, same_way) && !join(*voice, flow, may_be_one))
      flocks.push_back({*voice, {flow}});
  }
  return flocks;
}

/// As if the other flows to the port had not been asked. Probes of other kinds have flows of their
/// own, but for the SYN with a wrong checksum.
std::optional<Finding> alone(const Case& the_case, const Flock& flock) {
  std::vector<Exchange> kept;
  std::ranges::copy_if(the_case.exchanges, std::back_inserter(kept), [&](const Exchange& exchange) {
    const auto& question = exchange.spec.question;
    const bool of_flow =
        question.kind == ProbeKind::syn || question.kind == ProbeKind::syn_bad_checksum;
    if (question.aim != Aim::target) return true;
    return of_flow && belongs_to_any(flock.flows, exchange);
  });
  auto view = make_case(the_case.run, {kept, the_case.neighbours, the_case.misfits});
  view.divided = true;
  return flock.voice.message_from ? judge_rejected(view) : judge_refused(view);
}

Evidence counted(const Case& the_case, const Flock& flock, std::size_t all) {
  return {say("{} of {} flows to port {} are turned away by this one, and the others by somebody "
              "else: two faults, each with flows of its own.",
              flock.flows.size(), all, port_of(the_case)),
          asked_on({&flock.flows})};
}

bool is_of_connect(const Flock& flock) {
  return std::ranges::any_of(flock.flows, [](const PortFlow& flow) { return !flow.raw; });
}

}  // namespace

std::optional<Finding> judge_refusers(const Case& the_case) {
  if (the_case.exchanges.size() < 2) return {};  // most targets of a capture: one flow
  auto flocks = flocks_of(flows_to(the_case.exchanges, Aim::target));
  if (flocks.size() < 2) return {};
  std::size_t all = 0;
  for (const auto& flock : flocks) all += flock.flows.size();
  // What the application meets comes first.
  std::stable_partition(flocks.begin(), flocks.end(), is_of_connect);
  std::optional<Finding> whole;
  for (const auto& flock : flocks) {
    auto finding = alone(the_case, flock);
    if (!finding) continue;
    for (auto& explanation : finding->explanations)
      explanation.because.insert(explanation.because.begin(), counted(the_case, flock, all));
    if (!whole) {
      whole = std::move(finding);
      whole->confidence = std::min(whole->confidence, Confidence::strong);
      continue;
    }
    for (auto& explanation : finding->explanations) {
      explanation.rank = 2;
      explanation.beside = true;
      whole->explanations.push_back(std::move(explanation));
    }
  }
  return whole;
}

}  // namespace hopblame
