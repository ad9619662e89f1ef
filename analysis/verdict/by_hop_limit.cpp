#include "analysis/verdict/by_hop_limit.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/own_hop_limit.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/silence_causes.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Answers = bool (*)(const Reply&);

bool is_of_walk(const Exchange& exchange) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == Aim::target &&
         exchange.origin == Origin::raw && question.hop_limit < full_hop_limit &&
         !exchange.rewritten_here();
}

/// It is the host's own: nobody else completes a handshake or copies the mark and comes its way.
bool is_of_host(const Case& the_case, const Reply& reply) {
  if (reply.kind == ReplyKind::syn_ack) return true;
  const auto* witness = the_case.host.witness;
  return is_reset_ack(reply) && the_case.made_by_stack(reply) && witness && witness->segment &&
         witness->hop_limit == reply.hop_limit;
}

HopLimit hops_of(const Exchange* syn) { return syn->spec.question.hop_limit; }

struct Sides {
  std::vector<const Exchange*> few;   ///< answered by the host
  std::vector<const Exchange*> many;  ///< of full length, connect()'s too
  DueAnswers enough;                  ///< those with as many hops as the host needs, or more
};

Sides sides_of(const Case& the_case) {
  Sides sides;
  std::uint8_t nearest = full_hop_limit.value;
  const auto syns = the_case.probes(ProbeKind::syn, Aim::target);
  for (const auto* syn : syns) {
    if (!is_of_walk(*syn)) {
      if (!syn->rewritten_here()) sides.many.push_back(syn);
    } else if (std::ranges::any_of(syn->replies,
                                   [&](const Reply& one) { return is_of_host(the_case, one); })) {
      sides.few.push_back(syn);
      nearest = std::min(nearest, syn->spec.question.hop_limit.value);
    }
  }
  for (const auto* syn : syns)
    if (is_of_walk(*syn) && syn->spec.question.hop_limit.value >= nearest) ++sides.enough.due;
  sides.enough.lost = sides.enough.due - static_cast<unsigned>(sides.few.size());
  return sides;
}

/// One of those with many hops was sent after the first that the host answered: time did not change
/// it.
bool in_turns(const Sides& sides) {
  return std::ranges::any_of(sides.many,
                             [&](const Exchange* syn) { return syn->at > sides.few.front()->at; });
}

/// A rule lets the few through and stops the many: none that it stops had as few hops as one that
/// it lets through, as where every second packet is answered by another machine.
bool parts_by_hops(const Case& the_case, const Sides& sides) {
  const auto stops = [&](const Reply& reply) {
    return (is_reset_ack(reply) || is_rejection(reply)) && !is_of_host(the_case, reply);
  };
  const auto* most = std::ranges::max(sides.few, {}, hops_of);
  return std::ranges::none_of(
      the_case.probes(ProbeKind::syn, Aim::target), [&](const Exchange* syn) {
        return is_of_walk(*syn) && hops_of(syn) <= hops_of(most) &&
               std::ranges::count(sides.few, syn) == 0 && std::ranges::any_of(syn->replies, stops);
      });
}

/// Whoever answers with messages may send only so many, and is silent in between.
bool all_meet(const Case& the_case, const Sides& sides, Answers meant) {
  const auto meets = [&](const Exchange* syn) {
    if (!syn->answered()) return meant == is_rejection;
    return std::ranges::all_of(syn->replies, [&](const Reply& reply) {
      return meant(reply) && !is_of_host(the_case, reply);
    });
  };
  return std::ranges::any_of(sides.many, &Exchange::answered) &&
         std::ranges::all_of(sides.many, meets);
}

/// All without an answer, where those with few hops were spared by no chance. A limit that knows
/// nothing of hops would have let the first of them through.
bool all_vanish(const Sides& sides) {
  unsigned sent = 0;
  for (const auto* syn : sides.many) {
    if (has_due_answer(*syn)) return false;
    sent += static_cast<unsigned>(syn->left.size());
  }
  return chance_to_be_spared({sent, sent}, sides.enough) < level::by_hop_limit;
}

/// As if only SYNs of full length had been sent to the port: that others pass a hop says nothing of
/// these.
std::vector<Exchange> without_walk(const Case& the_case) { return without(the_case, is_of_walk); }

Evidence hop_limit_decides(const Case& the_case, const Sides& sides) {
  const auto& first = *sides.few.front();
  return {say("A SYN to port {} sent with {} {} is answered by the host itself, and none of those "
              "sent with {} is: a rule looks at the {}.",
              port_of(the_case), limit_word(the_case), first.spec.question.hop_limit.value,
              full_hop_limit.value, limit_word(the_case)),
          frames(first, first.replies.front())};
}

std::optional<Finding> judge_many(const Case& the_case, const Sides& sides, const Case& alone) {
  if (all_meet(the_case, sides, is_reset_ack)) return judge_refused(alone);
  if (all_meet(the_case, sides, is_rejection)) return judge_rejected(alone);
  if (!in_turns(sides) || !all_vanish(sides)) return {};
  return Finding{Outcome::dropped, list_of(filter_drop(alone, silence_facts(alone))),
                 Confidence::strong};
}

}  // namespace

std::optional<Finding> judge_by_hop_limit(const Case& the_case) {
  // Somebody else's capture need not show what left the client.
  if (!is_foreign(the_case.run))
    if (auto own = judge_own_hop_limit(the_case)) return own;
  const auto sides = sides_of(the_case);
  if (sides.few.empty() || sides.many.size() < 2 || !parts_by_hops(the_case, sides)) return {};
  const auto kept = without_walk(the_case);
  const auto alone = make_case(the_case, kept);
  auto finding = judge_many(the_case, sides, alone);
  if (!finding) return {};
  for (auto& explanation : finding->explanations)
    explanation.because.push_back(hop_limit_decides(the_case, sides));
  finding->confidence =
      std::min(finding->confidence, in_turns(sides) ? Confidence::strong : Confidence::weak);
  return finding;
}

}  // namespace hopblame
