#include "analysis/verdict/own_hop_limit.hpp"

#include <algorithm>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Where it is met at the latest, by either port.
std::optional<std::uint8_t> nearest_known(const Case& the_case) {
  const auto by_port = nearest_arrival(flows_to(the_case.exchanges, Aim::target));
  const auto& host = the_case.host.distance;
  return by_port && host ? std::min(*by_port, *host) : by_port ? by_port : host;
}

bool is_segment(const Reply& reply) { return reply.segment.has_value(); }

const Exchange* probe_that_arrives(const Case& the_case) {
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target)) {
    const bool whole_way = syn->origin == Origin::raw && !syn->left_with &&
                           syn->spec.question.hop_limit == full_hop_limit;
    if (whole_way && std::ranges::any_of(syn->replies, is_segment)) return syn;
  }
  return nullptr;
}

const Reply* told_of_its_end(const Exchange& call) {
  const auto told = std::ranges::find(call.replies, ReplyKind::time_exceeded, &Reply::kind);
  return told == call.replies.end() ? nullptr : &*told;
}

Evidence too_few(const Case& the_case, std::uint8_t host, const Reply* told) {
  const auto& call = *the_case.kernel_syn;
  const auto given = call.spec.question.hop_limit.value;
  auto packets = call.left;
  if (told) packets.push_back(told->frame);
  if (told)
    return {
        say("The SYN of connect() leaves this machine with {} {} and ends at {}, which says so; "
            "the host is {} hops away.",
            limit_word(the_case), given, told->from, host),
        std::move(packets)};
  return {say("The SYN of connect() leaves this machine with {} {}; the host is {} hops away.",
              limit_word(the_case), given, host),
          std::move(packets)};
}

Text where_it_is_set(const Case& the_case) {
  if (the_case.owner().family == Family::ipv4)
    return say(
        "`sysctl net.ipv4.ip_default_ttl` on this machine (64 is usual), and whether `ip "
        "route get {}` names a `hoplimit`",
        the_case.owner());
  return say(
      "`sysctl -a --pattern 'ipv6.*hop_limit'` on this machine (64 is usual; a router "
      "advertisement may set it), and whether `ip route get {}` names a `hoplimit`",
      the_case.owner());
}

}  // namespace

std::optional<Finding> judge_own_hop_limit(const Case& the_case) {
  if (!connect_left(the_case)) return {};
  const auto& call = *the_case.kernel_syn;
  const auto host = nearest_known(the_case);
  if (!host || call.spec.question.hop_limit.value >= *host) return {};
  if (std::ranges::any_of(call.replies, is_segment)) return {};
  const auto* probe = probe_that_arrives(the_case);
  if (!probe) return {};
  const auto* told = told_of_its_end(call);
  const Evidence few = too_few(the_case, *host, told);
  const Evidence enough{say("A SYN of our own with {} {} gets there and is answered.",
                            limit_word(the_case), full_hop_limit.value),
                        frames(*probe, probe->replies.front())};
  Explanation setting{Mechanism::local_route, 1,  this_host,
                      {few, enough},          {}, where_it_is_set(the_case)};
  Explanation rule{Mechanism::local_output_filter,
                   2,
                   this_host,
                   {few, enough},
                   {},
                   say("the rules of this machine that write a {}: `sudo nft list ruleset`, `sudo "
                       "iptables -t mangle -vnL`",
                       limit_word(the_case))};
  Finding finding{told ? Outcome::unreachable : Outcome::dropped,
                  list_of(std::move(setting), std::move(rule)), Confidence::strong};
  finding.probes_fare_otherwise = true;
  return finding;
}

}  // namespace hopblame
