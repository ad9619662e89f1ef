#include "analysis/verdict/own_hop_limit.hpp"

#include <algorithm>
#include <cerrno>

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

/// It ends at a router that says so: of this SYN, as connect() itself was told, or of others that
/// die there. Such messages are few, but connect() goes on asking.
bool is_said_to_end(const Case& the_case, const Reply* told) {
  const auto& connect = the_case.run.connect;
  const bool connect_was_told = connect && connect->ended && connect->error == EHOSTUNREACH;
  const auto given = the_case.kernel_syn->spec.question.hop_limit.value;
  return told || connect_was_told || the_case.time_exceeded_at(given);
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

Text rules_that_write(const Case& the_case) {
  return say(
      "the rules of this machine that write a {}: `sudo nft list ruleset`, `sudo iptables -t "
      "mangle -vnL`",
      limit_word(the_case));
}

/// No setting changes what a raw socket sends: only a rule does.
bool is_cut_here(const Exchange& syn) {
  return syn.left_with && *syn.left_with < syn.spec.question.hop_limit;
}

/// Of the SYNs to the port, which a rule of this machine gives few hops; none got farther.
struct Cut {
  const Exchange* first = nullptr;  ///< a probe of full length
  const Reply* told = nullptr;      ///< of its end, or of that of another one
  std::uint8_t most = 0;            ///< hops that any had when it left
};

std::optional<Cut> all_cut_here(const Case& the_case) {
  Cut cut;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (std::ranges::any_of(syn->replies, is_segment)) return {};
    const bool full = syn->origin == Origin::raw && syn->spec.question.hop_limit == full_hop_limit;
    if (full && !is_cut_here(*syn)) return {};
    if (full && !cut.first) cut.first = syn;
    if (!cut.told) cut.told = told_of_its_end(*syn);
    const auto left_with = syn->left_with.value_or(syn->spec.question.hop_limit);
    cut.most = std::max(cut.most, left_with.value);
  }
  return cut.first ? std::optional(cut) : std::nullopt;
}

/// Measured, else by the hop limit with which its answers come in.
std::optional<std::uint8_t> distance_of_host(const Case& the_case) {
  const auto& host = the_case.host;
  if (host.distance || !host.witness) return host.distance;
  return the_case.distance_by_way_back(host.witness->hop_limit);
}

Evidence cut_short(const Case& the_case, const Cut& cut) {
  auto packets = cut.first->left;
  if (cut.told) packets.push_back(cut.told->frame);
  const auto sent = cut.first->spec.question.hop_limit.value, left = cut.first->left_with->value;
  if (!cut.told)
    return {say("A SYN to port {} was sent with {} {} and left this machine with {}: a rule here "
                "rewrites it.",
                port_of(the_case), limit_word(the_case), sent, left),
            std::move(packets)};
  return {say("A SYN to port {} was sent with {} {} and left this machine with {}: a rule here "
              "rewrites it. {} says that it ended there.",
              port_of(the_case), limit_word(the_case), sent, left, cut.told->from),
          std::move(packets)};
}

/// Every SYN to the port, the application's as well, leaves with too few hops.
std::optional<Finding> judge_cut_here(const Case& the_case) {
  const auto cut = all_cut_here(the_case);
  if (!cut) return {};
  const auto host = distance_of_host(the_case);
  if (host ? cut->most >= *host : !cut->told) return {};
  Explanation rule{Mechanism::local_output_filter,     1,  this_host,
                   list_of(cut_short(the_case, *cut)), {}, rules_that_write(the_case)};
  if (host)
    rule.because.push_back(
        {say("{} is {} hops away: that is too few to get there.", the_case.owner(), *host),
         {the_case.host.witness->frame}});
  return Finding{cut->told ? Outcome::unreachable : Outcome::dropped, list_of(std::move(rule)),
                 host ? Confidence::strong : Confidence::weak};
}

}  // namespace

std::optional<Finding> judge_own_hop_limit(const Case& the_case) {
  if (auto finding = judge_cut_here(the_case)) return finding;
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
  Explanation rule{Mechanism::local_output_filter, 2, this_host, {few, enough}, {},
                   rules_that_write(the_case)};
  Finding finding{is_said_to_end(the_case, told) ? Outcome::unreachable : Outcome::dropped,
                  list_of(std::move(setting), std::move(rule)), Confidence::strong};
  finding.probes_fare_otherwise = true;
  return finding;
}

}  // namespace hopblame
