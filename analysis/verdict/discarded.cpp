#include "analysis/verdict/discarded.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct Discards {
  std::vector<FrameId> packets;  ///< the SYNs and the messages
  Rejection first;
  unsigned told = 0;  ///< SYNs that it was said of
  unsigned sent = 0;
  bool agree = true;  ///< nobody said anything else of them
};

/// Of those that a stack ignores: the quoted packet was not passed on. One that a redirect quotes
/// was, and one that a source quench quotes may have been (RFC 792).
bool says_discarded(const Reply& reply) {
  if (reply.kind != ReplyKind::icmp_error || !reply.icmp || reply.to_later_segment) return false;
  const auto type = reply.icmp->type;
  if (icmp_errno(reply.from.family, type, reply.icmp->code) != 0) return false;
  // RFC 1191 section 4, RFC 4443 section 3.2; RFC 792 (reassembly).
  return reply.from.family == Family::ipv6 ? type == 2 : type == 3 || type == 11;
}

void count(Discards& discards, const Exchange& syn) {
  discards.sent += static_cast<unsigned>(syn.left.size());
  discards.packets.insert(discards.packets.end(), syn.left.begin(), syn.left.end());
  for (const auto& reply : syn.replies) {
    if (!discards.first.reply) discards.first = {&syn, &reply};
    const bool same = discards.first.reply->from == reply.from;
    discards.agree = discards.agree && same && says_discarded(reply);
    discards.packets.push_back(reply.frame);
    ++discards.told;
  }
}

/// Of the SYNs that were to arrive.
Discards discards_of(const Case& the_case) {
  Discards discards;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target)) {
    const bool full = syn->spec.question.hop_limit == full_hop_limit;
    if (full || syn->origin == Origin::kernel) count(discards, *syn);
  }
  return discards;
}

/// By its own name in time exceeded; else as its quote tells, from before or after the hop limit
/// was counted down (measured, section 3).
std::optional<Where> place_of(const Case& the_case, const Discards& discards) {
  const auto& [asked, message] = discards.first;
  const auto& sender = message->from;
  if (const auto hop = the_case.hop_of(sender)) return Where{CulpritKind::router, hop, hop, sender};
  const auto travelled = quoted_travel(*asked, *message);
  if (!travelled) return {};
  auto where = within(the_case, std::max<std::uint8_t>(1, *travelled),
                      static_cast<std::uint8_t>(*travelled + 1));
  where.address = sender;
  return where;
}

/// RFC 791 section 3.1; RFC 8200 section 5.
unsigned every_link_takes(Family family) { return family == Family::ipv4 ? 68 : 1280; }

Evidence told(const Case& the_case, const Discards& discards) {
  const auto& first = *discards.first.reply;
  return {say("{} says of {} of {} SYNs to port {} that it did not pass them on: ICMP \"{}\". "
              "connect() does not give up on such a message and tries again.",
              first.from, discards.told, discards.sent, port_of(the_case),
              IcmpCode{first.from.family, first.icmp->type, first.icmp->code}),
          discards.packets};
}

/// A SYN is smaller than the smallest size that every link must take.
std::optional<Evidence> no_true_size(const Reply& message) {
  const auto& icmp = *message.icmp;
  const bool v6 = message.from.family == Family::ipv6;
  if (v6 ? icmp.type != 2 : icmp.type != 3 || icmp.code != 4) return {};
  return Evidence{say("A SYN is far smaller than the {} bytes that every link takes: what it says "
                      "cannot be why.",
                      every_link_takes(message.from.family)),
                  {message.frame}};
}

}  // namespace

std::optional<Rejection> deciding_discard(const Case& the_case) {
  const auto discards = discards_of(the_case);
  return discards.first.reply && discards.agree ? std::optional(discards.first) : std::nullopt;
}

std::optional<Finding> judge_discarded(const Case& the_case) {
  const auto discards = discards_of(the_case);
  const auto* first = discards.first.reply;
  if (!first || !discards.agree || first->from == the_case.owner()) return {};
  const auto where = place_of(the_case, discards);
  // Where others of its kind got on, it may have passed these on as well.
  if (!where || the_case.target.last_passed().value_or(0) > where->last_hop) return {};
  auto because = list_of(told(the_case, discards));
  add(because, no_true_size(*first));
  Finding finding{
      Outcome::dropped,
      list_of(Explanation{Mechanism::icmp_reject_router,
                          1,
                          *where,
                          std::move(because),
                          {},
                          say("the rules and interface counters of {}: what does it not pass on "
                              "to port {} of {}?",
                              first->from, port_of(the_case), the_case.owner())}),
      Confidence::strong};
  // For the table, it is as if it had rejected them.
  finding.way =
      Way{{}, build_path(the_case.target, the_case.control, flow_end(Outcome::rejected, *where))};
  return finding;
}

}  // namespace hopblame
