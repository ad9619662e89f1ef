#include "analysis/verdict/reset_witnesses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Evidence labelled(const Resets& resets) {
  return {
      say("The RST has a flow label, as Linux's own TCP stack gives it and a firewall rule does "
          "not."),
      cited(resets)};
}

/// Somebody else's SYN, without our mark: only an IPv6 flow label can tell (measured).
Evidence without_mark(const Case& the_case, const Resets& resets) {
  if (is_question_unseen(*resets.first.exchange, *resets.first.reply))
    return {say("What mark the SYN bore is not known, so this RST cannot show whether the host's "
                "own TCP stack made it or a firewall rule."),
            cited(resets)};
  if (the_case.owner().family == Family::ipv4)
    return {
        say("The SYN bore no mark in its ToS, so this RST cannot show whether the host's own TCP "
            "stack made it or a firewall rule."),
        cited(resets)};
  if (resets.marked) return labelled(resets);
  return {say("The RST has flow label 0, as a firewall rule writes it; Linux's own TCP stack gives "
              "one."),
          cited(resets)};
}

/// Something else than a stack writes our mark: the flow label alone can tell, where there is one.
Evidence with_written_mark(const Case& the_case, const Resets& resets) {
  if (resets.marked) return labelled(resets);
  auto packets = cited(resets);
  if (the_case.host.echoes_class) {
    packets.push_back(the_case.host.witness->frame);
    return {say("The RST has flow label 0, as a firewall rule writes it; the same host's RST from "
                "a closed port has one, which its TCP stack gave it."),
            std::move(packets)};
  }
  const auto plain = frames(*the_case.written_mark, the_case.written_mark->replies.front());
  packets.insert(packets.end(), plain.begin(), plain.end());
  return {fmt::format("The RST carries the mark of our probe (0x{:02x}), but so does one to a SYN "
                      "without it: something else writes it, and nobody can tell by it whether the "
                      "host's own stack made the RST or a rule.",
                      probe_traffic_class),
          std::move(packets)};
}

}  // namespace

std::vector<FrameId> cited(const Resets& resets) {
  return frames(*resets.first.exchange, *resets.first.reply);
}

Evidence arrival(const Case& the_case, const Resets& resets) {
  if (is_question_unseen(*resets.first.exchange, *resets.first.reply))
    return {say("A RST answers a SYN to port {} that is not in the capture, in the name of {}. It "
                "passed with {} {}.",
                port_of(the_case), the_case.owner(), limit_word(the_case),
                resets.first.reply->hop_limit.value),
            cited(resets)};
  return {say("A RST answers the SYN to port {}, {} ms later, in the name of {}. It arrived with "
              "{} {}.",
              port_of(the_case), Milliseconds{resets.first.reply->at - resets.first.exchange->at},
              the_case.owner(), limit_word(the_case), resets.first.reply->hop_limit.value),
          cited(resets)};
}

Evidence like_host(const Case& the_case) {
  const auto& witness = *the_case.host.witness;
  const char* what = witness.kind == ReplyKind::echo_reply ? "its answer to ping"
                     : the_case.host.control_answers       ? "its answer from the comparison port"
                                                           : "its SYN/ACK at another time";
  return {say("That is how the host itself answers: {} arrived with {} {} too.", what,
              limit_word(the_case), witness.hop_limit.value),
          {witness.frame}};
}

std::optional<Evidence> boundary(const Case& the_case, const Resets& resets) {
  if (!resets.place.walked) return {};
  const auto end = *resets.place.last;
  const auto& step = the_case.target.steps.at(end);
  const auto first =
      std::ranges::find_if(step.ends, [](const Reply* reply) { return is_reset_ack(*reply); });
  std::vector<FrameId> packets{(*first)->frame};
  const auto* passed = the_case.target.time_exceeded_at(resets.place.first);
  if (passed == nullptr || resets.place.first >= end)
    return Evidence{say("A SYN with {} {} already meets the RST.", limit_word(the_case), end),
                    packets};
  packets.insert(packets.begin(), passed->frame);
  return Evidence{say("A SYN with {} {} still gets as far as {}; one with {} {} meets the RST.",
                      limit_word(the_case), resets.place.first,
                      hop_named(the_case, resets.place.first), limit_word(the_case), end),
                  packets};
}

std::optional<Evidence> way_back(const Case& the_case, std::uint8_t hop, const Resets& resets) {
  const auto* passed = the_case.time_exceeded_at(hop);
  if (passed == nullptr) return {};
  const auto received = resets.first.reply->hop_limit.value;
  const auto own = passed->hop_limit.value;
  if (own == received)
    return Evidence{
        say("The messages of {} itself arrive with {} {} as well: the RST came the same way.",
            hop_named(the_case, hop), limit_word(the_case), own),
        {passed->frame}};
  return Evidence{say("The RST passed {} router{} on its way back, as the messages of {} do.",
                      return_hops(passed->hop_limit), plural(return_hops(passed->hop_limit)),
                      hop_named(the_case, hop)),
                  {passed->frame}};
}

std::optional<Evidence> host_is_elsewhere(const Case& the_case, const Resets& resets) {
  const auto* witness = the_case.host.witness;
  if (!witness || witness->hop_limit == resets.first.reply->hop_limit) return {};
  const auto distance = the_case.host.distance;
  const auto limit = limit_word(the_case);
  const auto received = witness->hop_limit.value;
  const char* answers = witness->kind == ReplyKind::echo_reply ? "its ping replies come"
                        : the_case.witness_is_of_port()        ? "its SYN/ACK at another time came"
                                                        : "its comparison port's answers come";
  return Evidence{distance ? say("The host itself answers from hop {} with {} {}: {} another way.",
                                 *distance, limit, received, answers)
                           : say("The host itself answers with {} {}: {} another way.", limit,
                                 received, answers),
                  {witness->frame}};
}

Evidence mark(const Case& the_case, const Resets& resets) {
  if (resets.first.exchange->spec.traffic_class != probe_traffic_class)
    return without_mark(the_case, resets);
  const auto& reply = *resets.first.reply;
  if (the_case.written_mark && reply.traffic_class == probe_traffic_class)
    return with_written_mark(the_case, resets);
  const char* field =
      the_case.owner().family == Family::ipv4 ? "ToS" : "traffic class and flow label";
  if (resets.marked && reply.traffic_class != probe_traffic_class) return labelled(resets);
  if (resets.marked)
    return {
        fmt::format("The RST carries the mark of our probe ({} 0x{:02x}): the host's own TCP stack "
                    "copies it, a firewall rule does not.",
                    the_case.owner().family == Family::ipv4 ? "ToS" : "traffic class",
                    probe_traffic_class),
        cited(resets)};
  if (reply.traffic_class == pf_class)
    return {say("The RST has ToS 0x10, as the packet filter pf writes it (FreeBSD, OPNsense, "
                "pfSense)."),
            cited(resets)};
  if (resets.mark_lost)
    return {
        fmt::format("The RST has ToS 0x{:02x} instead of the mark of our probe, but something on "
                    "the way writes another ToS into packets of this port: nobody can tell by "
                    "it whether the host's own stack made the RST or a rule.",
                    reply.traffic_class),
        cited(resets)};
  if (the_case.host.echoes_class && resets.forwarded)
    return {say("The RST lacks the mark of our probe ({} 0), which {}'s own RST carries; another "
                "host behind it made this one: a rule there, or a TCP stack that does not copy the "
                "mark.",
                field, the_case.owner()),
            {resets.first.reply->frame, the_case.host.witness->frame}};
  if (the_case.host.echoes_class)
    return {say("The RST lacks the mark of our probe ({} 0), although the same host's RST from a "
                "closed port carries it: a firewall rule made this one, not the TCP stack.",
                field),
            {resets.first.reply->frame, the_case.host.witness->frame}};
  return {say("The RST lacks the mark of our probe ({} 0). Nothing shows whether this host's own "
              "stack would copy it.",
              field),
          cited(resets)};
}

bool lacks_label(const Case& the_case, const Resets& resets) {
  const auto& [exchange, reply] = resets.first;
  if (resets.marked || the_case.owner().family == Family::ipv4) return false;
  if (exchange->spec.traffic_class != probe_traffic_class)
    return !is_question_unseen(*exchange, *reply);
  const bool written = the_case.written_mark && reply->traffic_class == probe_traffic_class;
  return written && the_case.host.echoes_class;
}

std::optional<Evidence> unverified(const Resets& resets) {
  if (resets.repaired)
    return Evidence{say("The host's own stack resets a SYN with a wrong TCP checksum: something on "
                        "the way makes checksums right, so they do not tell who resets."),
                    {resets.repaired->frame}};
  if (!resets.unverified) return {};
  return Evidence{
      say("A SYN with a wrong TCP checksum was reset as well: a stack and a rule of Linux drop it "
          "unseen, a device that only looks at ports does not."),
      {resets.unverified->frame}};
}

std::optional<Evidence> behind_the_rule(const Case& the_case, const Resets& resets) {
  if (resets.forwarded) return {};  // what is not a SYN is answered by the forwarding device itself
  const auto* witness = the_case.host.witness;
  const auto is_of_host = [&](const Reply* reply) {
    return reply && the_case.made_by_stack(*reply) &&
           (!witness || witness->hop_limit == reply->hop_limit);
  };
  const auto* fin = the_case.first_reply(ProbeKind::fin, Aim::target);
  if (is_of_host(fin) && is_reset_ack(*fin))
    return Evidence{
        say("Other segments reach the host, and its stack says that nothing listens there."),
        {fin->frame}};
  const auto* ack = the_case.first_reply(ProbeKind::ack, Aim::target);
  const auto* control = the_case.first_reply(ProbeKind::fin, Aim::control);
  // A listener ignores a lone FIN, a closed port resets it (RFC 9293 section 3.10.7); only a host
  // whose other ports do reset it proves that a rule does not eat it.
  if (is_of_host(ack) && control && is_reset_ack(*control) &&
      the_case.silent_tries(ProbeKind::fin, Aim::target) >= 2)
    return Evidence{
        say("Other segments pass the rule, and it looks as if a service is listening behind it: a "
            "lone FIN is ignored, as a listener does, where a closed port would reset it. (Who "
            "drops FINs of no connection looks the same.)"),
        {ack->frame, control->frame}};
  return {};
}

}  // namespace hopblame
