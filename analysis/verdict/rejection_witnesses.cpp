#include "analysis/verdict/rejection_witnesses.hpp"

#include <fmt/compile.h>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::string message(const RejectionFacts& facts) {
  return fmt::format(FMT_COMPILE("ICMP \"{}\" ({}/{})"),
                     icmp_text(facts.family, facts.type, facts.code), facts.type, facts.code);
}
Evidence arrival(const Case& the_case, const RejectionFacts& facts) {
  if (is_about_another_probe(facts.rejection))
    return {fmt::format("{} answers another probe of {} with {}{}.", to_string(facts.from),
                        to_string(the_case.owner()), message(facts),
                        the_case.target.steps.empty()
                            ? ""
                            : "; the SYNs got no answer, and only so many such messages are sent"),
            frames(*facts.rejection.exchange, *facts.rejection.reply)};
  return {fmt::format(FMT_COMPILE("{} answers the SYN to {} with {}, {} ms later."),
                      to_string(facts.from), port_text(the_case), message(facts),
                      in_ms(facts.rejection.reply->at - facts.rejection.exchange->at)),
          frames(*facts.rejection.exchange, *facts.rejection.reply)};
}

std::optional<Evidence> boundary(const Case& the_case, const RejectionFacts& facts) {
  if (!facts.place.walked) return {};
  const auto end = *facts.place.last;
  std::vector<FrameId> packets;
  for (const auto* reply : the_case.target.steps.at(end).ends)
    if (is_rejection(*reply) && packets.empty()) packets.push_back(reply->frame);
  const auto* passed = the_case.target.time_exceeded_at(facts.place.first);
  if (!passed || facts.place.first >= end)
    return Evidence{fmt::format("A SYN with {} {} already meets it.", limit_word(the_case), end),
                    packets};
  packets.insert(packets.begin(), passed->frame);
  return Evidence{
      fmt::format(
          "A SYN with {0} {1} still gets as far as {2}; one with {0} {3} meets the rejection.",
          limit_word(the_case), facts.place.first, hop_text(the_case, facts.place.first), end),
      packets};
}

std::optional<Evidence> name_witness(const Case& the_case, const RejectionFacts& facts) {
  if (!facts.named) return {};
  const auto* passed = the_case.time_exceeded_at(*facts.named);
  return Evidence{
      fmt::format("{} is hop {}: it answers probes that die there with time exceeded from the "
                  "same address.",
                  to_string(facts.from), *facts.named),
      {passed->frame}};
}

std::optional<Evidence> quote_witness(const Case& the_case, const RejectionFacts& facts) {
  const auto& icmp = *facts.rejection.reply->icmp;
  if (!icmp.quote) return {};
  const auto& exchange = *facts.rejection.exchange;
  const auto sent = exchange.left_with.value_or(exchange.spec.question.hop_limit).value;
  return Evidence{fmt::format("It quotes our {3}, sent with {0} {1}, with {0} {2} left.",
                              limit_word(the_case), sent, icmp.quote->hop_limit.value,
                              is_about_another_probe(facts.rejection) ? "probe" : "SYN"),
                  {facts.rejection.reply->frame}};
}

std::optional<Evidence> checksum_witness(const RejectionFacts& facts) {
  if (facts.to_bad_checksum)
    return Evidence{
        "A SYN with a wrong TCP checksum gets the same answer, so it comes from the routing "
        "layer, which does not look at TCP; a firewall rule would have ignored it.",
        {facts.to_bad_checksum->frame}};
  if (facts.bad_checksum_ignored)
    return Evidence{
        "A SYN with a wrong TCP checksum gets no answer: the sender looks at TCP, as a "
        "firewall rule does and a routing table does not.",
        {}};
  return {};
}

}  // namespace

std::vector<Evidence> rejection_witnesses(const Case& the_case, const RejectionFacts& facts) {
  auto because = list_of(arrival(the_case, facts));
  add(because, name_witness(the_case, facts));
  add(because, boundary(the_case, facts));
  add(because, quote_witness(the_case, facts));
  add(because, checksum_witness(facts));
  return because;
}

}  // namespace hopblame
