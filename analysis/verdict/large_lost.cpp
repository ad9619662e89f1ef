#include "analysis/verdict/large_lost.hpp"

#include <algorithm>

#include "analysis/path/oversize.hpp"
#include "analysis/verdict/link_before.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/lost_words.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Evidence told_too_big(const Case& the_case, const Reply& told) {
  const auto mtu = told.icmp->mtu.value_or(0);
  if (const auto hop = the_case.hop_of(told.from))
    return {
        say("{} (hop {}) says that packets of more than {} bytes do not fit the link behind it.",
            told.from, *hop, mtu),
        {told.frame}};
  return {say("{} says that packets of more than {} bytes do not fit the link behind it.",
              told.from, mtu),
          {told.frame}};
}

Evidence told_in_vain(const Case& the_case, const Reply& first) {
  std::vector<FrameId> messages;
  for (const auto* told : size_messages(*the_case.kernel_syn)) messages.push_back(told->frame);
  const auto times = static_cast<unsigned>(messages.size());
  return {say("{} says {} time{} that packets of more than {} bytes do not fit the link behind it, "
              "and this machine goes on sending the same: it never gets the message, or does not "
              "heed it.",
              first.from, times, plural(times), first.icmp->mtu.value_or(0)),
          std::move(messages)};
}

Evidence vanish() {
  return {say("Small packets pass and large ones vanish without a message: a link on the way takes "
              "smaller packets only (a path MTU hole), or something drops what the packet holds."),
          {}};
}

Text look_at_links(const Case& the_case) {
  const auto& host = the_case.owner();
  const auto own = the_case.run.facts.vantage.mtu;
  const auto mtu = own >= least_mtu ? std::min(own, everyday_mtu) : everyday_mtu;
  return say(
      "a large ping that may not be fragmented (`ping -M do -s {} {}`), and the MTU of every link "
      "of the named hops (`ip link`): which one is smaller than {} and sends no message about it?",
      full_ping(host.family, mtu), host, mtu);
}

Where place_of_router(const Case& the_case, const Accepted& accepted, const IpAddress& router) {
  const auto hop = the_case.hop_of(router);
  auto where = hop ? at_hop(the_case, CulpritKind::router, *hop) : on_the_way(the_case, accepted);
  where.address = router;
  return where;
}

/// The link is small, and its router says so as it ought to. Who does not hear is this machine.
std::vector<Explanation> unheard(const Case& the_case, const Accepted& accepted,
                                 const Reply& told) {
  auto filter =
      explain(Mechanism::local_input_filter, the_case, accepted, this_host,
              say("on this machine: rules that drop ICMP, `sysctl net.ipv4.ip_no_pmtu_disc`, and "
                  "`ip route get {}`: does it show an MTU?",
                  the_case.owner()));
  auto link = explain(Mechanism::data_blocked, the_case, accepted,
                      place_of_router(the_case, accepted, told.from),
                      say("the MTU of the link behind {}: ought it to be so small?", told.from));
  return list_of(std::move(filter), std::move(link));
}

}  // namespace

const Reply* too_big(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return nullptr;
  const auto& replies = the_case.kernel_syn->replies;
  const auto first = std::ranges::find_if(replies, is_of_size);
  return first == replies.end() ? nullptr : &*first;
}

Finding large_lost(const Case& the_case, const Accepted& accepted, const OwnSegment& lost,
                   std::uint32_t acknowledged) {
  Finding finding{Outcome::silent_service, {}, Confidence::strong};
  const auto messages = size_messages(*the_case.kernel_syn);
  const auto* told = messages.empty() ? nullptr : messages.front();
  const auto words = unacknowledged(lost, acknowledged);
  if (told && goes_unheeded(lost, *told)) {
    finding.explanations = unheard(the_case, accepted, *told);
    for (auto& one : finding.explanations)
      one.because.insert(one.because.end(), {words, told_in_vain(the_case, *told)});
    return finding;
  }
  auto found = lost_on_the_way(the_case, accepted, look_at_links(the_case));
  found.because.push_back(words);
  // It was heeded: what vanishes is small enough for that link.
  if (told) found.because.push_back(told_too_big(the_case, *told));
  found.because.push_back(vanish());
  if (found.where.first_hop == 1) found.because.push_back(link_before(the_case, 1));
  finding.explanations.push_back(std::move(found));
  return finding;
}

}  // namespace hopblame
