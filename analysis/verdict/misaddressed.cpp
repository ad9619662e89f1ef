#include "analysis/verdict/misaddressed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

const Observation* packet(const Case& the_case, FrameId frame) {
  const auto found = std::ranges::find(the_case.run.observations, frame, &Observation::frame);
  return found == the_case.run.observations.end() ? nullptr : &*found;
}

/// The frame in which the SYN of connect() left: from this machine, to its neighbour.
std::optional<LinkEnds> way_out(const Case& the_case) {
  const auto* syn = packet(the_case, the_case.kernel_syn->left.front());
  return syn ? syn->link : std::nullopt;
}

/// A stack takes what is sent to its own address (Linux: PACKET_HOST, eth_type_trans), and of TCP
/// nothing else. The addresses of another interface are not known.
bool is_for_another(const Observation& seen, const std::optional<LinkEnds>& out) {
  if (seen.to_other_host) return true;
  return out && seen.link && seen.interface_index == 0 && seen.link->to != out->from;
}

/// The sender, if it is the neighbour to which our own packets go; else some other one.
Where sender_of(const Case& the_case, const Observation& answer) {
  const auto out = way_out(the_case);
  const bool same = out && answer.link && answer.link->from == out->to;
  const auto& gateway = the_case.run.facts.vantage.gateway;
  if (!gateway) return at_destination(the_case, 1);
  return {CulpritKind::router, 1, 1, same ? gateway : std::nullopt};
}

Evidence for_another(const Case& the_case, const Observation& answer,
                     std::vector<FrameId> answers) {
  const auto out = way_out(the_case);
  if (!out || !answer.link)
    return {
        "The answers to connect() reached this machine's network interface in frames that are "
        "for another machine on this link, and its stack takes no notice of those.",
        std::move(answers)};
  answers.insert(answers.begin(), the_case.kernel_syn->left.front());
  return {fmt::format("The answers to connect() come in frames to the hardware address {}. That is "
                      "not this machine's: its own frames leave from {}. Its stack takes no notice "
                      "of what is for another machine, and no rule here is asked.",
                      to_string(answer.link->to), to_string(out->from)),
          std::move(answers)};
}

bool is_due(const Reply& reply) {
  return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack;
}

/// The stack heard an answer to a probe: what comes so is for this machine after all.
bool is_heard_all_the_same(const Case& the_case) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return exchange.own_reset && std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
             const FrameId frame[] = {reply.frame};
             return are_for_another(the_case, frame);
           });
  });
}

/// What comes in through a port of a bridge or bond may bear the address of that port.
Explanation rule_beside(Explanation like) {
  return {Mechanism::local_input_filter,
          1,
          this_host,
          list_of(std::move(like.because.front()),
                  Evidence{"The interface stands on other links of this machine; that may be the "
                           "address of one of them, and a rule here drop the answers.",
                           {}}),
          {},
          "`ip link` on this machine: does one of its links have that address? Then the packet "
          "counters of its input rules: `sudo nft list ruleset`, `sudo iptables -vnL INPUT`."};
}

}  // namespace

bool are_for_another(const Case& the_case, std::span<const FrameId> answers) {
  if (answers.empty() || !connect_left(the_case)) return false;
  const auto out = way_out(the_case);
  return std::ranges::all_of(answers, [&](FrameId frame) {
    const auto* seen = packet(the_case, frame);
    return seen && is_for_another(*seen, out);
  });
}

Explanation sent_to_another(const Case& the_case, std::vector<FrameId> answers, unsigned rank) {
  const auto& answer = *packet(the_case, answers.front());
  const auto where = sender_of(the_case, answer);
  const auto& source = the_case.kernel_syn->spec.flow.source.address;
  return {Mechanism::answer_lost,
          rank,
          where,
          list_of(for_another(the_case, answer, std::move(answers))),
          {},
          fmt::format("the ARP or neighbour table of {}: which hardware address has {} there? `ip "
                      "link` on this machine tells the right one.",
                      where.address ? to_string(*where.address) : "the router next to this machine",
                      to_string(source))};
}

std::optional<Finding> judge_misaddressed(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect->ended || !connect_left(the_case)) return {};
  std::vector<FrameId> answers;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (is_due(reply)) answers.push_back(reply.frame);
  if (!are_for_another(the_case, answers) || is_heard_all_the_same(the_case)) return {};
  Finding finding{Outcome::dropped, list_of(sent_to_another(the_case, std::move(answers), 1)),
                  Confidence::strong};
  if (the_case.run.facts.vantage.on_other_links) {
    finding.explanations.push_back(rule_beside(finding.explanations.front()));
    finding.confidence = Confidence::weak;
  }
  return finding;
}

}  // namespace hopblame
