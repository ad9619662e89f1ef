#include "analysis/verdict/rejection_witnesses.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/table_after_count.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Text answer_to_another(const Case& the_case, const RejectionFacts& facts, const IcmpCode& message) {
  if (is_first_after_rest(the_case, facts.rejection))
    return say(
        "{} answers the first probe after two seconds' rest with ICMP \"{}\" ({}/{}); the "
        "SYNs got no answer, for whoever keeps asking is told so a few times only.",
        facts.from, message, facts.type, facts.code);
  return say("{} answers another probe of {} with ICMP \"{}\" ({}/{}){}.", facts.from,
             the_case.owner(), message, facts.type, facts.code,
             the_case.target.steps.empty() || the_case.target.first_end()
                 ? ""
                 : "; the SYNs got no answer, and only so many such messages are sent");
}

Evidence arrival(const Case& the_case, const RejectionFacts& facts) {
  const auto& [exchange, reply] = facts.rejection;
  const IcmpCode message{facts.family, facts.type, facts.code};
  if (is_about_another_probe(facts.rejection))
    return {answer_to_another(the_case, facts, message), frames(*exchange, *reply)};
  const auto after = reply->at - exchange->at;
  if (after >= std::chrono::seconds(1))
    return {say("{} answers the SYN to port {} with ICMP \"{}\" ({}/{}), {} s later.", facts.from,
                port_of(the_case), message, facts.type, facts.code, Seconds{after}),
            frames(*exchange, *reply)};
  return {say("{} answers the SYN to port {} with ICMP \"{}\" ({}/{}), {} ms later.", facts.from,
              port_of(the_case), message, facts.type, facts.code, Milliseconds{after}),
          frames(*exchange, *reply)};
}

std::optional<Evidence> boundary(const Case& the_case, const RejectionFacts& facts) {
  if (!facts.place.walked) return {};
  const auto end = *facts.place.last;
  std::vector<FrameId> packets;
  for (const auto* reply : the_case.target.steps.at(end).ends)
    if (is_rejection(*reply) && packets.empty()) packets.push_back(reply->frame);
  const auto* passed = the_case.target.time_exceeded_at(facts.place.first);
  // On another of several ways than that of the sender.
  const bool other_way = passed && facts.named == facts.place.first && passed->from != facts.from;
  if (other_way) return {};
  if (!passed || facts.place.first >= end)
    return Evidence{say("A SYN with {} {} already meets it.", limit_word(the_case), end), packets};
  packets.insert(packets.begin(), passed->frame);
  return Evidence{
      say("A SYN with {} {} still gets as far as {}; one with {} {} meets the rejection.",
          limit_word(the_case), facts.place.first, hop_named(the_case, facts.place.first),
          limit_word(the_case), end),
      packets};
}

std::optional<Evidence> name_witness(const RejectionFacts& facts) {
  if (!facts.named) return {};
  return Evidence{say("{} is hop {}: it answers probes that die there with time exceeded from the "
                      "same address.",
                      facts.from, *facts.named),
                  {facts.named_by->frame}};
}

std::optional<Evidence> quote_witness(const Case& the_case, const RejectionFacts& facts) {
  const auto& icmp = *facts.rejection.reply->icmp;
  if (!icmp.quote) return {};
  const auto& exchange = *facts.rejection.exchange;
  const auto sent = exchange.left_with.value_or(exchange.spec.question.hop_limit).value;
  const auto limit = limit_word(the_case);
  const auto left = icmp.quote->hop_limit.value;
  const Term what = is_about_another_probe(facts.rejection) ? Term("probe") : Term("SYN");
  const std::vector packets{facts.rejection.reply->frame};
  if (left > sent)
    return Evidence{
        say("It quotes the {}, sent with {} {}, with {} {} left.", what, limit, sent, limit, left),
        packets};
  if (icmp.quote->bad_checksum)
    return Evidence{
        say("It quotes the {} with {} {} left of {}, but under a checksum that does not "
            "fit: the quote was changed, and does not tell how far the {} came.",
            what, limit, left, sent, what),
        packets};
  const auto passed = static_cast<unsigned>(sent - left);
  return Evidence{say("It quotes the {} with {} {} left of {}: {} hop{} had counted it down.", what,
                      limit, left, sent, passed, plural(passed)),
                  packets};
}

std::optional<Evidence> checksum_witness(const RejectionFacts& facts) {
  if (facts.to_bad_checksum && facts.spares_other_ports)
    return Evidence{
        say("A SYN with a wrong TCP checksum gets the same answer, and another port of the host "
            "does not: a rule of Linux would have ignored it, a filter that does not look at "
            "checksums or a routing rule for this port does not."),
        {facts.to_bad_checksum->frame}};
  const bool after_count = facts.passes_first && !is_neighbour_failure(facts);
  if (facts.to_bad_checksum && after_count && says_no_way(facts))
    return Evidence{
        say("A SYN with a wrong TCP checksum gets the same answer, as the routing layer gives it, "
            "which does not look at TCP; a rule of Linux would have ignored it."),
        {facts.to_bad_checksum->frame}};
  if (may_prohibit_after_count(facts))
    return Evidence{
        say("A SYN with a wrong TCP checksum gets the same answer: a rule of Linux would have "
            "ignored it, a filter that does not look at checksums or a route that prohibits does "
            "not."),
        {facts.to_bad_checksum->frame}};
  if (facts.to_bad_checksum &&
      (after_count || !is_routing_code(facts.family, facts.type, facts.code)))
    return Evidence{
        say("A SYN with a wrong TCP checksum gets the same answer: a rule of Linux would have "
            "ignored it, a filter that does not look at checksums does not."),
        {facts.to_bad_checksum->frame}};
  if (facts.to_bad_checksum)
    return Evidence{
        say("A SYN with a wrong TCP checksum gets the same answer, so it comes from the routing "
            "layer, which does not look at TCP; a firewall rule would have ignored it."),
        {facts.to_bad_checksum->frame}};
  if (facts.passed_over)
    return Evidence{
        say("A SYN with a wrong TCP checksum gets no answer, and right ones sent after it are "
            "rejected at once: the sender looks at TCP, as a firewall rule does. A router that "
            "does not find its neighbour does not, and first looks for it for three seconds."),
        facts.passed_over->left};
  if (facts.bad_checksum_ignored)
    return Evidence{say("A SYN with a wrong TCP checksum gets no answer: the sender looks at TCP, "
                        "as a firewall "
                        "rule does and a routing table does not."),
                    {}};
  return {};
}

}  // namespace

std::vector<Evidence> rejection_witnesses(const Case& the_case, const RejectionFacts& facts) {
  auto because = list_of(arrival(the_case, facts));
  add(because, name_witness(facts));
  add(because, boundary(the_case, facts));
  add(because, quote_witness(the_case, facts));
  add(because, checksum_witness(facts));
  return because;
}

std::optional<Evidence> borrowed_name(const Case& the_case, const RejectionFacts& facts,
                                      const Where& where) {
  if (!facts.from_owner || the_case.address_forwards()) return {};
  const auto& reply = *facts.rejection.reply;
  const auto limit = limit_word(the_case);
  const auto received = reply.hop_limit.value;
  const auto* own = where.first_hop && where.first_hop == where.last_hop
                        ? the_case.time_exceeded_at(*where.first_hop)
                        : nullptr;
  if (own && own->from != the_case.owner() && own->hop_limit == reply.hop_limit)
    return Evidence{
        say("It bears the name of {}, but arrives with {} {}, as the messages of {} do.",
            the_case.owner(), limit, received, place_named(the_case, where)),
        {reply.frame, own->frame}};
  const auto* witness = the_case.host.witness;
  if (!witness || witness->hop_limit == reply.hop_limit) return {};
  return Evidence{say("It bears the name of {}, but arrives with {} {}; the host's own answers "
                      "arrive with {}.",
                      the_case.owner(), limit, received, witness->hop_limit.value),
                  {reply.frame, witness->frame}};
}

}  // namespace hopblame
