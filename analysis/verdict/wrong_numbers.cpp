#include "analysis/verdict/wrong_numbers.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/silence_causes.hpp"
#include "analysis/verdict/silence_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// As often as silence has to be met: one or two may be late answers to somebody else.
constexpr std::size_t fewest = 3;

bool is_rejection_like(const Reply& reply) { return reply.kind == ReplyKind::icmp_error; }

bool is_answer_like(const Reply& reply) {
  switch (reply.kind) {
    case ReplyKind::syn_ack:
    case ReplyKind::reset:
    case ReplyKind::reset_ack:
    case ReplyKind::icmp_error: return true;
    default: return false;
  }
}

bool are_alike(const Reply& one, const Reply& other) {
  if (one.kind != other.kind || one.from != other.from || one.hop_limit != other.hop_limit)
    return false;
  return !one.icmp || (one.icmp->type == other.icmp->type && one.icmp->code == other.icmp->code);
}

bool draws_one(const Exchange& syn, const std::vector<const Misfit*>& misfits) {
  return syn.answered() || std::ranges::any_of(misfits, [&](const Misfit* misfit) {
           return misfit->flow == syn.spec.flow && misfit->reply.at >= syn.at;
         });
}

/// A device that answers SYNs may answer those with a wrong checksum and few hops as well.
std::size_t asked_of_port(const Case& the_case) {
  std::size_t sent = 0;
  for (const auto& exchange : the_case.exchanges)
    if (exchange.spec.question.aim == Aim::target) sent += exchange.left.size();
  return sent;
}

bool goes_all_the_way(const Exchange& syn) {
  return syn.origin == Origin::kernel || syn.spec.question.hop_limit == full_hop_limit;
}

Evidence in_words(const Case& the_case, const WrongNumbers& wrong) {
  const auto count = static_cast<unsigned>(wrong.packets.size());
  const auto& first = *wrong.first;
  if (first.icmp)
    return {say("{} ICMP messages (\"{}\", from {}) quote these SYNs with other numbers than they "
                "had. They are not believed, for they may be forged; but it may be true, where "
                "something on the way changes the numbers.",
                count, IcmpCode{the_case.owner().family, first.icmp->type, first.icmp->code},
                first.from),
            wrong.packets};
  return {say("{} {} came to the ports of these SYNs with numbers that do not fit them, with {} "
              "{}. Every stack ignores such, and they may be forged; but something on the way may "
              "send them, or change the numbers.",
              count, first.kind == ReplyKind::syn_ack ? Term("SYN/ACKs") : Term("RSTs"),
              limit_word(the_case), first.hop_limit.value),
          wrong.packets};
}

Where sender_of(const Case& the_case, const SilenceFacts& facts, const IpAddress& from) {
  if (const auto hop = the_case.hop_of(from)) return {CulpritKind::router, hop, hop, from};
  const auto gap = gap_after(the_case, facts);
  return {CulpritKind::router, gap.first_hop, gap.last_hop, from};
}

/// Not each SYN draws one, so somebody may guess a few.
Explanation by_message(const Case& the_case, const SilenceFacts& facts, const Reply& message) {
  const auto& from = message.from;
  if (from == the_case.owner())
    return {Mechanism::icmp_reject_host,         2, at_destination(the_case, facts.host), {}, {},
            say("the rule counters on {}", from)};
  return {
      Mechanism::icmp_reject_router,
      2,
      sender_of(the_case, facts, from),
      {},
      {},
      say("the rules on {}, and a capture there: which sequence numbers do these SYNs have when "
          "they arrive?",
          from)};
}

Explanation by_reset(const Case& the_case, const SilenceFacts& facts) {
  return {Mechanism::middlebox_reset,
          1,
          gap_after(the_case, facts),
          {},
          {},
          say("captures on both sides of the named hops: which device sends these RSTs?")};
}

Explanation shown_by(const Case& the_case, const SilenceFacts& facts, const Reply& first) {
  if (first.icmp) return by_message(the_case, facts, first);
  if (first.kind == ReplyKind::syn_ack) return answer_lost(the_case, facts, 1);
  return by_reset(the_case, facts);
}

}  // namespace

std::optional<WrongNumbers> wrong_numbers(const Case& the_case) {
  if (the_case.misfit_answers.size() < fewest) return {};
  const auto syns = the_case.probes(ProbeKind::syn, Aim::target);
  std::vector<const Misfit*> found;
  for (const auto& misfit : the_case.misfit_answers)
    if (is_answer_like(misfit.reply) && std::ranges::any_of(syns, [&](const Exchange* syn) {
          return syn->spec.flow == misfit.flow;
        }))
      found.push_back(&misfit);
  if (found.size() < fewest || found.size() > asked_of_port(the_case)) return {};
  const auto& first = found.front()->reply;
  const bool alike = std::ranges::all_of(
      found, [&](const Misfit* misfit) { return are_alike(first, misfit->reply); });
  // Routers send only so many messages.
  const bool each = is_rejection_like(first) || std::ranges::all_of(syns, [&](const auto* syn) {
                      return !goes_all_the_way(*syn) || draws_one(*syn, found);
                    });
  if (!alike || !each) return {};
  WrongNumbers wrong{&first, {}};
  for (const auto* misfit : found) wrong.packets.push_back(misfit->reply.frame);
  return wrong;
}

void add_wrong_numbers(const Case& the_case, const SilenceFacts& facts, Finding& finding) {
  const auto wrong = wrong_numbers(the_case);
  if (!wrong) return;
  const auto told = in_words(the_case, *wrong);
  auto shown = shown_by(the_case, facts, *wrong->first);
  if (shown.because.empty()) shown.because.push_back(silence(the_case, facts));
  std::erase_if(finding.explanations,
                [&](const Explanation& other) { return other.mechanism == shown.mechanism; });
  finding.explanations.push_back(std::move(shown));
  for (auto& explanation : finding.explanations)
    explanation.because.insert(explanation.because.begin() + 1, told);
  finding.confidence = Confidence::weak;
}

}  // namespace hopblame
