#include "analysis/verdict/spoiled.hpp"

#include <utility>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_due_to_connect(const Reply& reply) {
  return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack;
}

/// A stack checks that before anything else, and says nothing.
Evidence with_bad_checksum(std::vector<FrameId> answers) {
  const auto count = answers.size();
  return {say("{} answer{} to an ordinary connect() reached this machine, {} a wrong TCP checksum: "
              "its stack drops such a segment unread, and no rule here is asked.",
              count, plural(count), count == 1 ? "with" : "all with"),
          std::move(answers)};
}

Evidence reset_here(const Exchange& call, const Reply& answer) {
  auto packets = frames(call, answer);
  packets.push_back(*call.own_reset);
  return {
      "The SYN/ACK to an ordinary connect() reached this machine, which answered with a RST; "
      "connect() went on waiting.",
      std::move(packets)};
}

/// Linux drops a signed segment where no key was agreed on (tcp_inbound_hash), and says nothing.
Evidence signed_unasked(std::vector<FrameId> answers) {
  const auto count = answers.size();
  return {say("{} answer{} to an ordinary connect() reached this machine with an option that signs "
              "the segment (TCP MD5 or TCP-AO), which the SYN did not have. A stack that knows no "
              "key for it drops such a segment unread.",
              count, plural(count)),
          std::move(answers)};
}

Explanation spoiled_on_the_way(const Case& the_case, Evidence what) {
  return spoiled_on_the_way(anywhere_up_to(the_case, the_case.host.distance), the_case.owner(),
                            std::move(what));
}

std::vector<Explanation> or_a_rule_here(const Case& the_case, const Evidence& what,
                                        const char* settled_by) {
  auto found = list_of(spoiled_on_the_way(the_case, what));
  found.push_back({Mechanism::local_input_filter, 1, this_host, {what}, {}, settled_by});
  return found;
}

/// Linux resets a SYN/ACK that echoes a timestamp which was never sent (tcp_input.c,
/// tcp_rcv_synsent_state_process); the RST of a rule in INPUT has the same numbers.
std::vector<Explanation> causes_of_reset(const Case& the_case, const Reply& answer) {
  return or_a_rule_here(
      the_case, reset_here(*the_case.kernel_syn, answer),
      "the packet counters of the input rules on this machine that reject with a RST: "
      "`sudo nft list ruleset`, `sudo iptables -vnL INPUT`, `sudo ip6tables -vnL "
      "INPUT`; where they stand still, the stack itself refused what came.");
}

std::vector<Explanation> causes_of_silence(const Case& the_case, std::vector<FrameId> answers) {
  return or_a_rule_here(
      the_case, signed_unasked(std::move(answers)),
      "`nstat -az TcpExtTCPMD5Unexpected` on this machine counts what its stack drops for that; "
      "where it stands still, the packet counters of its input rules: `sudo nft list ruleset`, "
      "`sudo iptables -vnL INPUT`, `sudo ip6tables -vnL INPUT`.");
}

}  // namespace

Explanation spoiled_on_the_way(const Where& where, const IpAddress& owner, Evidence what) {
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
              owner)};
}

std::optional<Finding> judge_spoiled(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect->ended || the_case.kernel_syn == nullptr) return {};
  const auto& call = *the_case.kernel_syn;
  std::vector<FrameId> bad, signed_ones;
  const Reply* first = nullptr;
  for (const auto& reply : call.replies) {
    if (!is_due_to_connect(reply) || reply.at > waited_until(the_case.run)) continue;
    if (first == nullptr) first = &reply;
    if (reply.segment && reply.segment->bad_checksum)
      bad.push_back(reply.frame);
    else if (reply.segment && reply.segment->is_signed)
      signed_ones.push_back(reply.frame);
    else if (!call.own_reset)
      return {};
  }
  if (first == nullptr) return {};
  if (bad.empty() && !signed_ones.empty())
    return Finding{Outcome::dropped, causes_of_silence(the_case, std::move(signed_ones)),
                   Confidence::weak};
  if (bad.empty())
    return Finding{Outcome::dropped, causes_of_reset(the_case, *first), Confidence::weak};
  return Finding{Outcome::dropped,
                 list_of(spoiled_on_the_way(the_case, with_bad_checksum(std::move(bad)))),
                 Confidence::strong};
}

}  // namespace hopblame
