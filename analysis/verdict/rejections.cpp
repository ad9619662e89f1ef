#include "analysis/verdict/rejections.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/chance.hpp"

namespace hopblame {
namespace {

std::optional<std::uint8_t> hop_named(const Case& the_case, const IpAddress& address) {
  std::optional<std::uint8_t> hop;
  for (const auto* walk : {&the_case.target, &the_case.control}) {
    for (const auto& [distance, step] : walk->steps) {
      for (const auto* reply : step.time_exceeded) {
        if (reply->from != address) continue;
        if (hop && *hop != distance) return {};  // one box at two distances: a loop or another path
        hop = distance;
      }
    }
  }
  return hop;
}

bool rejects(const Walk& walk, const IpAddress& from) {
  return std::ranges::any_of(walk.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.ends, [&](const Reply* reply) {
      return is_rejection(*reply) && reply->from == from;
    });
  });
}

Duration longest_wait(const Case& the_case) {
  Duration longest{};
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    const auto span = round_trip(*exchange);
    if (span && is_rejection(exchange->replies.front())) longest = std::max(longest, *span);
  }
  return longest;
}

/// So soon after, an allowance of ICMP messages that was spent has not come back (one a second, ten
/// in IPv6: measured).
constexpr Duration same_allowance = std::chrono::milliseconds(50);

/// A sender whose allowance of ICMP messages is spent answers nothing at all: its silence to a bad
/// checksum counts only when it answered what came right after it.
bool answers_right_after(const Case& the_case, const IpAddress& sender, const Exchange& ignored) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& later) {
    return &later > &ignored && later.at - ignored.at <= same_allowance && later.left.size() == 1 &&
           later.answered() && later.replies.front().from == sender;
  });
}

bool is_bad_checksum_ignored(const Case& the_case, const IpAddress& sender) {
  if (the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target)) return false;
  const auto bad = the_case.probes(ProbeKind::syn_bad_checksum, Aim::target);
  const auto ignored = std::ranges::count_if(
      bad, [&](const Exchange* one) { return answers_right_after(the_case, sender, *one); });
  return !could_be_chance(loss_beyond(the_case, 1), static_cast<unsigned>(ignored));
}

}  // namespace

bool is_rejection(const Reply& reply) {
  return reply.kind == ReplyKind::icmp_error && reply.icmp &&
         icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code) != 0;
}

RejectionFacts rejection_facts(const Case& the_case, const Rejection& rejection) {
  RejectionFacts facts;
  facts.rejection = rejection;
  const auto& reply = *rejection.reply;
  facts.family = reply.from.family;
  facts.type = reply.icmp->type;
  facts.code = reply.icmp->code;
  facts.from = reply.from;
  facts.from_owner = reply.from == the_case.owner();
  facts.place = place_of(the_case, is_rejection);
  if (!facts.from_owner) facts.named = hop_named(the_case, facts.from);
  facts.passes_first = facts.named && the_case.target.time_exceeded_at(*facts.named) != nullptr;
  const auto* bad = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target);
  if (bad && is_rejection(*bad)) facts.to_bad_checksum = bad;
  facts.bad_checksum_ignored = is_bad_checksum_ignored(the_case, facts.from);
  facts.other_ports_too = rejects(the_case.control, facts.from);
  facts.latest = longest_wait(the_case);
  return facts;
}

std::optional<Rejection> deciding_rejection(const Case& the_case) {
  std::optional<Rejection> decisive;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    for (const auto& reply : exchange->replies) {
      if (!is_rejection(reply)) continue;
      const bool full = exchange->spec.question.hop_limit == full_hop_limit;
      const bool raw = exchange->origin == Origin::raw;
      if (!decisive ||
          (full && raw && decisive->exchange->spec.question.hop_limit != full_hop_limit))
        decisive = {exchange, &reply};
    }
  }
  return decisive;
}

}  // namespace hopblame
