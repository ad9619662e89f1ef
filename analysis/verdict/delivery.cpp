#include "analysis/verdict/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/path/loss.hpp"
#include "analysis/path/own_words.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/misaddressed.hpp"
#include "analysis/verdict/own_rules.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Sent again because nobody acknowledged it: it came in its turn, and the stack never got it.
std::optional<Finding> words_dropped(const Case& the_case) {
  if (the_case.run.connect->error != 0) return {};
  if (never_left(the_case) > 0) return {};  // nor, perhaps, did the ACK
  if (answered_syns(the_case.target, the_case.control).lost > 0) return {};
  const auto unheard = unheard_words(the_case.run.observations, *the_case.kernel_syn);
  if (unheard.frames.size() < 2 || the_case.run.ended - unheard.first < handing_over) return {};
  Explanation rule{
      Mechanism::local_input_filter,
      1,
      this_host,
      {{say("The connection was accepted. What the peer then said reached this machine's network "
            "interface {} times, and its stack never acknowledged it.",
            static_cast<unsigned>(unheard.frames.size())),
        unheard.frames}},
      {},
      input_counters};
  return Finding{Outcome::local, {std::move(rule)}, Confidence::strong};
}

Evidence not_handed_over(const Case& the_case, const Reply& answer) {
  return {say("The {} to an ordinary connect() reached this machine's network interface, but "
              "connect() was still waiting {} s later.",
              answer.kind == ReplyKind::syn_ack ? "SYN/ACK" : "RST",
              Seconds{waited_until(the_case.run) - answer.at}),
          frames(*the_case.kernel_syn, answer)};
}

/// Linux drops what comes in where its own route to the sender does not lead (RFC 3704 section
/// 2.2), if told to; firewalld has a rule for the same in IPv6.
Evidence came_by(const Case& the_case, const OtherInterface& other) {
  return {
      fmt::format(
          "It came in by {}, and this machine's route to {} leads out by {}: a reverse "
          "path check, if this machine makes one, drops such answers before any rule sees them.",
          other.name, to_string(the_case.owner()), the_case.run.facts.vantage.interface),
      {}};
}

}  // namespace

std::optional<Finding> judge_delivery(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || !connect_left(the_case)) return {};
  if (connect->ended) return words_dropped(the_case);
  const auto answer = std::ranges::find_if(the_case.kernel_syn->replies, [](const Reply& reply) {
    return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack;
  });
  if (answer == the_case.kernel_syn->replies.end()) return {};
  if (waited_until(the_case.run) - answer->at < handing_over) return {};
  Explanation rule{Mechanism::local_input_filter, 1, this_host, {}, {}, input_counters};
  rule.because.push_back(not_handed_over(the_case, *answer));
  if (const auto* other = the_case.run.facts.vantage.other(answer->interface_index)) {
    rule.because.push_back(came_by(the_case, *other));
    rule.settled_by = fmt::format(
        "the reverse path filter of interface {0} on this machine: `sysctl "
        "net.ipv4.conf.all.rp_filter net.ipv4.conf.{0}.rp_filter` (1 drops such "
        "answers), `nstat -az TcpExtIPReversePathFilter` counts them; then {1}",
        other->name, input_counters);
  }
  bool own_reset = false, raw_answered = false;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (exchange->origin == Origin::kernel) continue;
    own_reset = own_reset || exchange->own_reset;
    raw_answered = raw_answered || std::ranges::any_of(exchange->replies, [](const Reply& reply) {
                     return reply.kind == ReplyKind::syn_ack;
                   });
  }
  if (raw_answered && !own_reset)
    rule.because.push_back(
        {"The kernel did not react to the SYN/ACKs of the raw probes either, as it does to every "
         "SYN/ACK it receives and did not ask for.",
         {}});
  const bool two_witnesses = raw_answered && !own_reset;
  return Finding{
      Outcome::local, {std::move(rule)}, two_witnesses ? Confidence::certain : Confidence::strong};
}

bool told_in_vain(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  return connect && !connect->ended && connect_left(the_case) &&
         std::ranges::any_of(the_case.kernel_syn->replies, [&](const Reply& reply) {
           return is_rejection(reply) && reply.at < waited_until(the_case.run) &&
                  is_of_no_socket(*the_case.kernel_syn, reply);
         });
}

std::optional<Explanation> undelivered_rejection(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || !connect_left(the_case)) return {};
  if (connect->ended && connect->error != ETIMEDOUT) return {};
  std::vector<FrameId> rejections;
  TimePoint last{};
  for (const auto& reply : the_case.kernel_syn->replies) {
    if (!is_rejection(reply) || is_of_no_socket(*the_case.kernel_syn, reply)) continue;
    rejections.push_back(reply.frame);
    last = reply.at;
  }
  // A first message may come while connect() still holds its socket, and is then forgotten; the one
  // to the next SYN ends it (measured).
  if (rejections.size() < 2 || waited_until(the_case.run) - last < handing_over) return {};
  if (are_for_another(the_case, rejections))
    return sent_to_another(the_case, std::move(rejections), 2);
  return Explanation{
      Mechanism::local_input_filter,
      2,
      this_host,
      {{"These rejections reached this machine's network interface, but connect() went on waiting: "
        "the application sees a timeout where others would see the rejection.",
        std::move(rejections)}},
      {},
      "the packet counters of the input rules on this machine that concern ICMP: `sudo nft list "
      "ruleset`, `sudo iptables -vnL INPUT`, `sudo ip6tables -vnL INPUT`."};
}

}  // namespace hopblame
