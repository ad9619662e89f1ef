#include "analysis/verdict/by_few_hops.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/model/in_order.hpp"
#include "analysis/model/level.hpp"
#include "analysis/path/limits.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/few_hops_rejected.hpp"
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

bool is_refused(const Exchange& syn) { return syn.answered() && is_reset_ack(syn.replies.front()); }

struct Fates {
  std::vector<const Exchange*> turned_away, through;
};

std::vector<const Exchange*> chosen(const Case& the_case, Aim aim,
                                    bool (*is_meant)(const Exchange&)) {
  std::vector<const Exchange*> found;
  for (const auto* syn : the_case.probes(ProbeKind::syn, aim))
    if (is_meant(*syn)) found.push_back(syn);
  return found;
}

void join(std::vector<const Exchange*>& all, const std::vector<const Exchange*>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Those that were accepted, or where none was, refused by the port itself.
Fates fates_of(const Case& the_case, Aim aim) {
  Fates fates{chosen(the_case, aim, is_rejected), chosen(the_case, aim, is_accepted)};
  auto refused = chosen(the_case, aim, is_refused);
  if (fates.through.empty())
    fates.through = std::move(refused);
  else
    join(fates.turned_away, refused);
  return fates;
}

/// All that were turned away had fewer hops to go than any that got through.
bool part_by_hop_limit(const Fates& fates) {
  if (fates.turned_away.empty() || fates.through.empty()) return false;
  const auto* most = std::ranges::max(fates.turned_away, {}, hops_given);
  return hops_given(most) < hops_given(std::ranges::min(fates.through, {}, hops_given));
}

/// The other port's SYNs as well, where they meet the same and part at the same.
Fates with_control(const Case& the_case, const Fates& target) {
  const auto control = fates_of(the_case, Aim::control);
  auto both = target;
  join(both.turned_away, control.turned_away);
  join(both.through, control.through);
  const auto sender = [](const Exchange* syn) { return syn->replies.front().from; };
  const bool same = !control.turned_away.empty() && is_rejected(*target.turned_away.front()) &&
                    sender(control.turned_away.front()) == sender(target.turned_away.front());
  return same && part_by_hop_limit(both) ? both : target;
}

TimePoint sent(const Exchange* syn) { return syn->at; }

/// One got through between others that did not: a service that came or went, a ban and a limit
/// that was used up would have parted them by time.
bool is_one_between(const Fates& fates) {
  const auto ends = std::ranges::minmax(fates.turned_away, {}, sent);
  return std::ranges::any_of(fates.through, [&](const Exchange* syn) {
    return syn->at > ends.min->at && syn->at < ends.max->at;
  });
}

/// Some got through before, and again so soon after that no limit has room again.
bool are_all_between(const Fates& fates) {
  const auto ends = std::ranges::minmax(fates.through, {}, sent);
  const bool amid = std::ranges::all_of(fates.turned_away, [&](const Exchange* syn) {
    return syn->at > ends.min->at && syn->at < ends.max->at;
  });
  std::vector<Passage> passages;
  for (const auto* syn : fates.through) passages.push_back({syn->at, true});
  for (const auto* syn : fates.turned_away) passages.push_back({syn->at, false});
  put_in_order(passages, &Passage::at);
  return amid && misfits_of_best_limit(passages) > 0;
}

bool take_turns(const Fates& fates) { return is_one_between(fates) || are_all_between(fates); }

/// That as many of each, dealt out at random, part so.
double chance(const Fates& fates) {
  double ways = 1;
  const auto others = static_cast<double>(fates.turned_away.size());
  for (std::size_t i = 1; i <= fates.through.size(); ++i)
    ways *= (others + static_cast<double>(i)) / static_cast<double>(i);
  return 1 / ways;
}

/// What a program would live through is not known otherwise.
bool program_gets_through(const Case& the_case, const Fates& fates) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended && connect->error != 0 && connect->error != ECONNREFUSED)
    return false;
  return !connect_left(the_case) || std::ranges::count(fates.through, the_case.kernel_syn) > 0;
}

/// By an injector that passes it on as well: then no rule looks at the hop limit.
bool is_answered_twice(const Exchange* syn) {
  const auto count = [&](auto is_it) { return std::ranges::count_if(syn->replies, is_it) > 0; };
  const bool got_on = count([](const Reply& reply) {
    return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::time_exceeded;
  });
  return syn->origin == Origin::raw && got_on && count(is_reset_ack);
}

/// Of the SYNs to the port, where all that is known shows that the hop limit decides.
std::optional<Fates> parted_fates(const Case& the_case) {
  if (the_case.exchanges.size() < fewest) return {};
  if (std::ranges::any_of(the_case.probes(ProbeKind::syn, Aim::target), is_answered_twice))
    return {};
  auto fates = fates_of(the_case, Aim::target);
  if (!part_by_hop_limit(fates) || !program_gets_through(the_case, fates)) return {};
  const auto all = with_control(the_case, fates);
  if (!take_turns(all) || chance(all) >= level::by_few_hops) return {};
  return fates;
}

std::vector<Exchange> without_these(const Case& the_case,
                                    const std::vector<const Exchange*>& some) {
  return without(the_case, [&](const Exchange& one) { return std::ranges::count(some, &one) > 0; });
}

/// As if only those had been sent: whoever answers them.
std::optional<Where> who_looks(const Case& the_case, const Fates& fates) {
  const auto kept = without_these(the_case, fates.through);
  const auto alone = make_case(the_case, kept);
  auto finding = judge_refused(alone);
  if (!finding) finding = judge_rejected(alone);
  return finding ? std::optional(finding->explanations.front().where) : std::nullopt;
}

Evidence in_words(const Case& the_case, const Fates& fates) {
  const auto* most = std::ranges::max(fates.turned_away, {}, hops_given);
  const auto* through = std::ranges::min(fates.through, {}, hops_given);
  auto packets = frames(*most, most->replies.front());
  for (const auto frame : frames(*through, through->replies.front())) packets.push_back(frame);
  const auto where = who_looks(the_case, fates);
  return {say("SYNs to port {} sent with {} {} or less are turned away, those with {} or more are "
              "{}, and programs send 64 or more. Who looks at that: {}.",
              port_of(the_case), limit_word(the_case), hops_given(most), hops_given(through),
              is_accepted(*through) ? "accepted" : "refused",
              place_named(the_case, where.value_or(Where{CulpritKind::unknown, 1, {}, {}}))),
          std::move(packets)};
}

/// Of the walk, which the table shows.
std::optional<FlowEnd> end_at(const Fates& fates, const Where& where) {
  const bool by_reset = is_reset_ack(fates.turned_away.front()->replies.front());
  return flow_end(by_reset ? Outcome::refused : Outcome::rejected, where);
}

}  // namespace

std::uint8_t hops_given(const Exchange* syn) {
  if (syn->origin == Origin::kernel) return full_hop_limit.value;
  return syn->left_with.value_or(syn->spec.question.hop_limit).value;
}

std::optional<Evidence> told_by_few_hops(const Case& the_case) {
  const auto fates = parted_fates(the_case);
  return fates ? std::optional(in_words(the_case, *fates)) : told_by_few_rejected(the_case);
}

std::optional<Finding> judge_by_few_hops(const Case& the_case) {
  const auto fates = parted_fates(the_case);
  if (!fates) return judge_few_hops_rejected(the_case);
  const auto kept = without_these(the_case, fates->turned_away);
  const auto alone = make_case(the_case, kept);
  auto finding = judge_accepted(alone);
  if (!finding) finding = judge_refused(alone);
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
