#include "analysis/verdict/silence_witnesses.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/pinged_hop.hpp"
#include "analysis/verdict/wording.hpp"
#include "analysis/verdict/wrong_numbers.hpp"

namespace hopblame {
namespace {

std::optional<Evidence> progress(const Case& the_case, const SilenceFacts& facts) {
  if (!facts.passed) return {};
  const auto* reply = the_case.target.time_exceeded_at(*facts.passed);
  return Evidence{say("The SYN to port {} still passes {}; nothing shows it any farther.",
                      port_of(the_case), hop_named(the_case, *facts.passed)),
                  {reply->frame}};
}

bool was_walked(const Case& the_case) {
  return std::ranges::any_of(the_case.target.steps, [](const auto& step) {
    return step.first < full_hop_limit.value && step.second.asked > 0;
  });
}

/// Without a comparison port somebody walked the path with other packets.
Text control_answered(const Case& the_case) {
  const auto control = the_case.run.goal.control_port, port = port_of(the_case);
  if (control == 0)
    return say(
        "A ping or datagram to the same address is answered by the host itself: the path is "
        "fine, port {} is treated differently.",
        port);
  return say(
      "The same SYN to port {} is answered by the host itself: the path is fine, port {} is "
      "treated differently.",
      control, port);
}

Text control_passes(const Case& the_case, std::uint8_t distance) {
  const auto control = the_case.run.goal.control_port, port = port_of(the_case);
  const auto hop = hop_named(the_case, distance);
  if (control == 0)
    return say(
        "A ping or datagram to the same address gets on to {}: port {} is treated "
        "differently.",
        hop, port);
  return say("The same SYN to port {} gets on to {}: port {} is treated differently.", control, hop,
             port);
}

/// Where it passes on its own way says nothing of this one.
std::optional<Evidence> control_on_another_way(const Case& the_case) {
  const auto* witness = the_case.host.control_answers ? the_case.host.witness : nullptr;
  if (witness == nullptr || !witness->segment) return {};
  return Evidence{
      say("The same SYN to port {} is answered by the host itself, but it takes another "
          "way, which may be longer or shorter: its hops are not those of this one.",
          the_case.run.goal.control_port),
      {witness->frame}};
}

std::optional<Evidence> control_goes_on(const Case& the_case, const SilenceFacts& facts) {
  if (facts.other_way) return control_on_another_way(the_case);
  const auto passed = facts.passed.value_or(0);
  for (const auto& [distance, step] : the_case.control.steps) {
    if (distance <= passed) continue;
    const bool dies_here = !step.time_exceeded.empty();
    const auto& replies = dies_here ? step.time_exceeded : step.ends;
    if (replies.empty()) continue;
    const auto& reply = *replies.front();
    if (reply.from == the_case.owner() && !the_case.made_by_router(reply))
      return Evidence{control_answered(the_case), {reply.frame}};
    // Who turns it away on the way says nothing of how far it would get.
    if (dies_here && distance < full_hop_limit.value && was_walked(the_case))
      return Evidence{control_passes(the_case, distance), {reply.frame}};
  }
  return {};
}

/// On which a stack does not give up.
const Reply* idle_message(const SilenceFacts& facts) {
  for (const auto* exchange : facts.unanswered)
    for (const auto& reply : exchange->replies)
      if (reply.icmp && reply.kind == ReplyKind::icmp_error) return &reply;
  return nullptr;
}

Evidence only_idle_messages(const Case& the_case, const SilenceFacts& facts, const Reply& message) {
  const auto said_by = [&](const auto& sender) {
    return say(
        "{} SYN{} to port {} got no answer but ICMP \"{}\" from {}, on which no program gives up.",
        facts.tries, plural(facts.tries), port_of(the_case),
        IcmpCode{message.from.family, message.icmp->type, message.icmp->code}, sender);
  };
  const auto hop = the_case.hop_of(message.from);
  return {hop ? said_by(hop_named(the_case, *hop)) : said_by(message.from),
          frames(facts.unanswered)};
}

Term what_is_missing(const Case& the_case, const SilenceFacts& facts) {
  if (!the_case.misfit_answers.empty() && wrong_numbers(the_case))
    return Term("answer with the right numbers");
  return facts.half_open ? Term("SYN/ACK, no RST and no ICMP message") : Term("answer of any kind");
}

/// Captures that others made need not hold a ping or a try of another port.
bool asked_otherwise(const Case& the_case) {
  return std::ranges::any_of(the_case.exchanges, [](const Exchange& exchange) {
    const auto& question = exchange.spec.question;
    return question.kind != ProbeKind::syn || question.aim != Aim::target;
  });
}

}  // namespace

Evidence silence(const Case& the_case, const SilenceFacts& facts) {
  if (const auto* message = idle_message(facts))
    return only_idle_messages(the_case, facts, *message);
  return {say("{} SYN{} to port {} left {} and got no {}.", facts.tries, plural(facts.tries),
              port_of(the_case), this_machine, what_is_missing(the_case, facts)),
          frames(facts.unanswered)};
}
std::vector<Evidence> about_the_silence(const Case& the_case, const SilenceFacts& facts) {
  auto because = list_of(silence(the_case, facts));
  add(because, progress(the_case, facts));
  add(because, control_goes_on(the_case, facts));
  if (!facts.other_way) add(because, only_pings_get_there(the_case, facts.passed.value_or(0)));
  return because;
}
std::optional<Evidence> host_alive(const Case& the_case, const SilenceFacts& facts) {
  if (!facts.alive) return {};
  const char* what =
      facts.alive->kind == ReplyKind::echo_reply ? "answers ping" : "answers other probes";
  return Evidence{say("The host is up: {} {}.", the_case.owner(), what), {facts.alive->frame}};
}
Evidence ack_passes(const Case& the_case, const SilenceFacts& facts) {
  return {
      say("A bare ACK to port {} is answered by the host with a RST: other segments get through.",
          port_of(the_case)),
      {facts.to_ack->frame}};
}
std::vector<Evidence> nothing_beyond(const Case& the_case, const SilenceFacts& facts) {
  auto because = list_of(silence(the_case, facts));
  if (!asked_otherwise(the_case)) {
    because.push_back({say("Nothing else was asked of the host: no other port, no ping."), {}});
    if (facts.farthest == 0) return because;
    because.push_back(
        {say("The last device that answers anything is {}.", hop_named(the_case, facts.farthest)),
         {the_case.time_exceeded_at(facts.farthest)->frame}});
  } else if (facts.farthest > 0) {
    const auto* reply = the_case.time_exceeded_at(facts.farthest);
    because.push_back(
        {the_case.divided
             ? say("The last device that answers on the way of these flows is {}; beyond it "
                   "nothing answers them, nor those to another port that take that way.",
                   hop_named(the_case, facts.farthest))
             : say("The last device that answers anything is {}; beyond it nothing answers any "
                   "probe: no port, no ping.",
                   hop_named(the_case, facts.farthest)),
         {reply->frame}});
  } else {
    because.push_back({say("Nothing at all answered, on no port and at no distance."), {}});
  }
  return because;
}

}  // namespace hopblame
