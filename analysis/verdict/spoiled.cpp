#include "analysis/verdict/spoiled.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_due_to_connect(const Reply& reply) {
  return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack;
}

bool has_bad_checksum(const Reply& reply) { return reply.segment && reply.segment->bad_checksum; }

std::vector<FrameId> frames_of(const std::vector<const Reply*>& replies) {
  std::vector<FrameId> packets;
  packets.reserve(replies.size());
  for (const auto* reply : replies) packets.push_back(reply->frame);
  return packets;
}

/// A stack checks that before anything else, and says nothing.
Evidence with_bad_checksum(const std::vector<const Reply*>& answers) {
  const bool one = answers.size() == 1;
  return {say("{} answer{} to an ordinary connect() reached this machine, {} a wrong TCP checksum: "
              "its stack drops such a segment unread, and no rule here is asked.",
              answers.size(), plural(answers.size()), one ? "with" : "all with"),
          frames_of(answers)};
}

Evidence reset_here(const Exchange& call, const Reply& answer) {
  auto packets = frames(call, answer);
  packets.push_back(*call.own_reset);
  return {
      "The SYN/ACK to an ordinary connect() reached this machine, which answered with a RST; "
      "connect() went on waiting.",
      std::move(packets)};
}

Explanation spoiled_on_the_way(const Case& the_case, Evidence what) {
  Where where{CulpritKind::between, 1, the_case.host.distance, {}};
  if (!where.last_hop) where.kind = CulpritKind::unknown;
  if (where.last_hop == std::uint8_t{1}) where = at_hop(the_case, CulpritKind::destination, 1);
  return {Mechanism::answer_lost,
          1,
          where,
          {std::move(what),
           {"So the request arrives and is answered, and the answer is spoiled: by a device on the "
            "way that changes it, or by what sends it (an IDS, a network card, a driver).",
            {}}},
          {},
          say("a capture on {} and one on each side of the devices that change packets (NAT, "
              "firewall, VPN, load balancer): where does the answer change?",
              the_case.owner())};
}

/// Linux resets a SYN/ACK that echoes a timestamp which was never sent (tcp_input.c,
/// tcp_rcv_synsent_state_process); the RST of a rule in INPUT has the same numbers.
std::vector<Explanation> causes_of_reset(const Case& the_case, const Reply& answer) {
  const auto what = reset_here(*the_case.kernel_syn, answer);
  auto found = list_of(spoiled_on_the_way(the_case, what));
  found.push_back({Mechanism::local_input_filter,
                   1,
                   this_host,
                   {what},
                   {},
                   "the packet counters of the input rules on this machine that reject with a RST: "
                   "`sudo nft list ruleset`, `sudo iptables -vnL INPUT`, `sudo ip6tables -vnL "
                   "INPUT`; where they stand still, the stack itself refused what came."});
  return found;
}

}  // namespace

std::optional<Finding> judge_spoiled(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect->ended || the_case.kernel_syn == nullptr) return {};
  std::vector<const Reply*> bad;
  const Reply* first = nullptr;
  for (const auto& reply : the_case.kernel_syn->replies) {
    if (!is_due_to_connect(reply)) continue;
    if (first == nullptr) first = &reply;
    if (has_bad_checksum(reply))
      bad.push_back(&reply);
    else if (!the_case.kernel_syn->own_reset)
      return {};
  }
  if (first == nullptr) return {};
  if (bad.empty())
    return Finding{Outcome::dropped, causes_of_reset(the_case, *first), Confidence::weak};
  return Finding{Outcome::dropped, list_of(spoiled_on_the_way(the_case, with_bad_checksum(bad))),
                 Confidence::strong};
}

}  // namespace hopblame
