#include "analysis/verdict/by_few_hops.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

constexpr std::size_t fewest = 10;  ///< however they part, no split of fewer is as improbable

bool is_accepted(const Exchange& syn) {
  return syn.answered() && syn.replies.front().kind == ReplyKind::syn_ack;
}

bool is_turned_away(const Exchange& syn) {
  return syn.answered() && (is_reset(syn.replies.front()) || is_rejection(syn.replies.front()));
}

/// As it left. Programs send so many that all of them count as of full length.
std::uint8_t hops_given(const Exchange* syn) {
  if (syn->origin == Origin::kernel) return full_hop_limit.value;
  return syn->left_with.value_or(syn->spec.question.hop_limit).value;
}

struct Fates {
  std::vector<const Exchange*> turned_away, accepted;
};

Fates fates_of(const Case& the_case) {
  Fates fates;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_turned_away(*syn)) fates.turned_away.push_back(syn);
    if (is_accepted(*syn)) fates.accepted.push_back(syn);
  }
  return fates;
}

/// All that were turned away had fewer hops to go than any that was accepted.
bool part_by_hop_limit(const Fates& fates) {
  if (fates.turned_away.empty() || fates.accepted.empty()) return false;
  const auto* most = std::ranges::max(fates.turned_away, {}, hops_given);
  return hops_given(most) < hops_given(std::ranges::min(fates.accepted, {}, hops_given));
}

/// One was accepted between others that were not: a service that came or went, a ban and a limit
/// that was used up would have parted them by time.
bool take_turns(const Fates& fates) {
  const auto sent = [](const Exchange* syn) { return syn->at; };
  const auto ends = std::ranges::minmax(fates.turned_away, {}, sent);
  return std::ranges::any_of(fates.accepted, [&](const Exchange* syn) {
    return syn->at > ends.min->at && syn->at < ends.max->at;
  });
}

/// That as many of each, dealt out at random, part so.
double chance(const Fates& fates) {
  double ways = 1;
  const auto others = static_cast<double>(fates.turned_away.size());
  for (std::size_t i = 1; i <= fates.accepted.size(); ++i)
    ways *= (others + static_cast<double>(i)) / static_cast<double>(i);
  return 1 / ways;
}

/// What a program would live through is not known otherwise.
bool program_gets_through(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended && connect->error != 0) return false;
  return !connect_left(the_case) || is_accepted(*the_case.kernel_syn);
}

/// By an injector that passes it on as well: then no rule looks at the hop limit.
bool is_answered_twice(const Exchange* syn) {
  const auto count = [&](auto is_it) { return std::ranges::count_if(syn->replies, is_it) > 0; };
  const bool got_on = count([](const Reply& reply) {
    return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::time_exceeded;
  });
  return syn->origin == Origin::raw && got_on && count(is_reset);
}

std::optional<Fates> parted_fates(const Case& the_case) {
  if (the_case.exchanges.size() < fewest) return {};
  if (!program_gets_through(the_case)) return {};
  if (std::ranges::any_of(the_case.probes(ProbeKind::syn, Aim::target), is_answered_twice))
    return {};
  auto fates = fates_of(the_case);
  if (!part_by_hop_limit(fates) || !take_turns(fates) || chance(fates) >= level::by_few_hops)
    return {};
  return fates;
}

std::vector<Exchange> without_these(const Case& the_case,
                                    const std::vector<const Exchange*>& some) {
  return without(the_case, [&](const Exchange& one) { return std::ranges::count(some, &one) > 0; });
}

/// As if only those had been sent: whoever answers them.
std::optional<Where> who_looks(const Case& the_case, const Fates& fates) {
  const auto kept = without_these(the_case, fates.accepted);
  const auto alone = make_case(the_case, kept);
  auto finding = judge_refused(alone);
  if (!finding) finding = judge_rejected(alone);
  return finding ? std::optional(finding->explanations.front().where) : std::nullopt;
}

Evidence in_words(const Case& the_case, const Fates& fates) {
  const auto* most = std::ranges::max(fates.turned_away, {}, hops_given);
  const auto* accepted = std::ranges::min(fates.accepted, {}, hops_given);
  auto packets = frames(*most, most->replies.front());
  for (const auto frame : frames(*accepted, accepted->replies.front())) packets.push_back(frame);
  const auto where = who_looks(the_case, fates);
  return {say("SYNs to port {} sent with {} {} or less are turned away, those with {} or more are "
              "accepted, and programs send 64 or more. Who looks at that: {}.",
              port_of(the_case), limit_word(the_case), hops_given(most), hops_given(accepted),
              place_named(the_case, where.value_or(Where{CulpritKind::unknown, 1, {}, {}}))),
          std::move(packets)};
}

/// Of the walk, which the table shows.
std::optional<FlowEnd> end_at(const Fates& fates, const Where& where) {
  const bool by_reset = is_reset(fates.turned_away.front()->replies.front());
  return flow_end(by_reset ? Outcome::refused : Outcome::rejected, where);
}

}  // namespace

std::optional<Evidence> told_by_few_hops(const Case& the_case) {
  const auto fates = parted_fates(the_case);
  return fates ? std::optional(in_words(the_case, *fates)) : std::nullopt;
}

std::optional<Finding> judge_by_few_hops(const Case& the_case) {
  const auto fates = parted_fates(the_case);
  if (!fates) return {};
  const auto kept = without_these(the_case, fates->turned_away);
  const auto alone = make_case(the_case, kept);
  auto finding = judge_accepted(alone);
  if (!finding) return {};
  finding->probes_fare_otherwise = true;
  if (const auto where = who_looks(the_case, *fates))
    finding->way = Way{{}, build_path(the_case.target, the_case.control, end_at(*fates, *where))};
  finding->confidence = std::min(finding->confidence, Confidence::strong);
  for (auto& explanation : finding->explanations)
    if (explanation.rank == 1) explanation.because.push_back(in_words(the_case, *fates));
  return finding;
}

}  // namespace hopblame
