#include "analysis/verdict/resets.hpp"

#include <algorithm>

#include "analysis/path/overtaken.hpp"

namespace hopblame {
namespace {

/// The real connect() was accepted first: a RST after that ends a connection and refuses none.
bool is_established(const Exchange& exchange) {
  return exchange.origin == Origin::kernel && exchange.answered() &&
         exchange.replies.front().kind == ReplyKind::syn_ack;
}

std::vector<Reset> resets_of(const Case& the_case) {
  std::vector<Reset> found;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    for (const auto& reply : exchange->replies)
      if (is_reset_ack(reply)) found.push_back({exchange, &reply});
  }
  return found;
}

/// A network that sends packets twice shows one answer twice; and a SYN that arrives twice is
/// answered twice, each time with a number or flow label of its own.
bool is_copy(const Reply& one, const Reply& other) {
  return one.kind == other.kind && one.hop_limit == other.hop_limit &&
         one.traffic_class == other.traffic_class && one.segment == other.segment;
}

long different_resets(const Exchange& exchange) {
  long different = 0;
  for (auto reply = exchange.replies.begin(); reply != exchange.replies.end(); ++reply) {
    const bool copied = std::any_of(exchange.replies.begin(), reply,
                                    [&](const Reply& earlier) { return is_copy(earlier, *reply); });
    if (is_reset_ack(*reply) && !copied) ++different;
  }
  return different;
}

bool is_raced(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    const auto got = [&](ReplyKind kind) {
      return std::ranges::count(exchange->replies, kind, &Reply::kind);
    };
    const auto resets = std::ranges::count_if(exchange->replies, is_reset_ack);
    const auto died = got(ReplyKind::time_exceeded);
    // A retransmitted SYN may rightly get one RST each time. One that died on the way got none from
    // anybody farther on.
    const auto answers = died > 0 ? resets + died : different_resets(*exchange);
    const auto sent = static_cast<long>(exchange->left.size());
    if (resets > 0 && (answers > sent || got(ReplyKind::syn_ack) > 0)) return true;
  }
  return false;
}

bool quotes_another_class(const Exchange* exchange) {
  return exchange->origin == Origin::raw &&
         std::ranges::any_of(exchange->replies, [&](const Reply& reply) {
           return reply.kind == ReplyKind::time_exceeded && reply.icmp->quote &&
                  reply.icmp->quote->traffic_class != exchange->spec.traffic_class;
         });
}

/// By the routers' quotes, or by what the RST carries instead: a rule writes 0 (measured; pf 0x10).
/// An IPv6 RST is known by its flow label, which nobody writes anew.
bool is_mark_lost(const Case& the_case, const Reset& decisive) {
  const auto& reset = *decisive.reply;
  if (reset.from.family == Family::ipv6) return false;
  if (decisive.exchange->spec.traffic_class != probe_traffic_class) return true;
  if (the_case.written_mark) return true;
  if (reset.traffic_class != 0 && reset.traffic_class != pf_class) return true;
  return std::ranges::any_of(the_case.target.steps, [](const auto& entry) {
    return std::ranges::any_of(entry.second.exchanges, quotes_another_class);
  });
}

/// A lone FIN is of no connection: whoever keeps state, and translates by it, passes none on.
bool lets_strays_pass(const Case& the_case) {
  for (const auto aim : {Aim::target, Aim::control})
    if (const auto* reply = the_case.first_reply(ProbeKind::fin, aim); reply && reply->segment)
      return true;
  return false;
}

/// Beside the answer to a SYN that died farther on there may have been a RST that somebody kept.
bool may_keep_resets(const Case& the_case, const Resets& resets) {
  if (!resets.raced || !resets.place.last) return false;
  return !lets_strays_pass(the_case) || !overtaken(the_case.target, *resets.place.last).empty();
}

/// Whoever keeps state lets those to the last SYN of a flow pass: only a SYN that was alone shows
/// that none was sent.
std::uint8_t last_without_reset(const Case& the_case, const Place& place) {
  auto last = place.first;
  for (; last > 1; --last) {
    const auto step = the_case.target.steps.find(last);
    if (step == the_case.target.steps.end()) continue;
    if (std::ranges::any_of(step->second.exchanges, [&](const Exchange* probe) {
          return probe->answered() && !is_followed(the_case.target, *probe);
        }))
      break;
  }
  return last;
}

}  // namespace

bool is_reset_ack(const Reply& reply) { return reply.kind == ReplyKind::reset_ack; }

std::vector<const Reply*> control_resets(const Case& the_case) {
  std::vector<const Reply*> found;
  const auto full = the_case.control.steps.find(full_hop_limit.value);
  if (full == the_case.control.steps.end()) return found;
  std::ranges::copy_if(full->second.ends, std::back_inserter(found),
                       [](const Reply* reply) { return is_reset_ack(*reply); });
  return found;
}

Resets gather_resets(const Case& the_case) {
  Resets resets;
  resets.all = resets_of(the_case);
  if (resets.all.empty()) return resets;
  const auto raw_and_full = [](const Reset& reset) {
    return reset.exchange->origin == Origin::raw &&
           reset.exchange->spec.question.hop_limit == full_hop_limit;
  };
  const auto best = std::ranges::find_if(resets.all, raw_and_full);
  resets.first = best == resets.all.end() ? resets.all.front() : *best;
  resets.place = place_of(the_case, is_reset_ack);
  const bool raw = resets.first.exchange->origin == Origin::raw;
  resets.marked =
      has_label(*resets.first.reply) || (raw && the_case.made_by_stack(*resets.first.reply));
  const auto& host = the_case.host;
  const bool same_way = host.witness && !resets.place.copied &&
                        host.witness->hop_limit == resets.first.reply->hop_limit;
  // A lost answer can make one walk seem longer; only other probes that pass there prove it
  // shorter.
  const auto passed = the_case.control.last_passed();
  const bool nearer = passed && resets.place.last && *passed >= *resets.place.last;
  resets.like_host = same_way && !nearer;
  const auto end = resets.place.last;
  const bool deeper = host.distance && end && *end > *host.distance && !resets.like_host;
  resets.forwarded = resets.place.steady && (the_case.address_forwards() || deeper);
  resets.raced = is_raced(the_case);
  if (may_keep_resets(the_case, resets))
    resets.place.first = last_without_reset(the_case, resets.place);
  resets.mark_lost = is_mark_lost(the_case, resets.first);
  const auto& segment = resets.first.reply->segment;
  const auto alike = [&](const Reply* reply) {
    return reply->segment && reply->segment->window == segment->window;
  };
  resets.odd_window =
      segment && segment->window != 0 && std::ranges::none_of(control_resets(the_case), alike);
  const auto* bad = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target);
  if (!bad || !is_reset_ack(*bad)) return resets;
  const auto* closed = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::control);
  const bool repaired = closed && is_reset_ack(*closed) && the_case.made_by_stack(*closed);
  (repaired ? resets.repaired : resets.unverified) = repaired ? closed : bad;
  return resets;
}

}  // namespace hopblame
