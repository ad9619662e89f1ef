#include "analysis/verdict/caveats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/model/services.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/diverted.hpp"
#include "analysis/verdict/large_lost.hpp"
#include "analysis/verdict/path_caveats.hpp"
#include "analysis/verdict/two_owners.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Said = std::optional<Text>;

Said capture_drops(const CaptureFacts& facts) {
  if (facts.dropped == 0) return {};
  return say("The capture lost {} packet{}: some silence may be only that.", facts.dropped,
             plural(facts.dropped));
}

Said forged_replies(const Case& the_case) {
  if (the_case.misfits == 0) return {};
  return say("{} packet{} looked like answers but did not carry our numbers; not counted.",
             the_case.misfits, plural(the_case.misfits));
}

Said answers_elsewhere(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (vantage.elsewhere.empty()) return {};
  std::set<std::string> names;
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies)
      if (const auto* other = vantage.other(reply.interface_index)) names.insert(other->name);
  if (names.empty()) return {};
  return fmt::format(
      "Answers come in by the interface {}, while probes leave by {}: the way back is another than "
      "the way there.",
      fmt::join(names, ", "), vantage.interface);
}

Said unexpected_service(const Case& the_case, const Finding& finding) {
  const auto& connect = the_case.run.connect;
  const auto service = known_service(the_case.run.goal.target.port);
  if (finding.outcome != Outcome::open || !connect || !connect->spoke || !service) return {};
  if (connect->greeting.starts_with(service->greeting)) return {};
  if (service->greeting.starts_with(connect->greeting)) return {};  // cut short, as by a capture
  const bool is_ssh = connect->ssh && connect->ssh->identified;
  if (service->name == "ssh" && is_ssh) return {};  // lines came before it
  return say("What answers on port {} does not speak like {}: not {}.", port_of(the_case),
             service->name, service->name);
}

/// This machine then sends smaller packets, unless something here drops the message.
Said small_mtu(const Case& the_case) {
  const auto* told = too_big(the_case);
  if (told == nullptr) return {};
  const auto hop = the_case.hop_of(told->from);
  const auto mtu = told->icmp->mtu.value_or(0);
  if (hop)
    return say(
        "{} (hop {}) passes packets of at most {} bytes, and says so: larger ones are sent "
        "again in smaller pieces.",
        told->from, *hop, mtu);
  return say(
      "{} passes packets of at most {} bytes, and says so: larger ones are sent again in "
      "smaller pieces.",
      told->from, mtu);
}

bool is_likely(const Finding& finding, Mechanism mechanism) {
  return std::ranges::any_of(finding.explanations, [&](const Explanation& one) {
    return one.mechanism == mechanism && one.rank == 1;
  });
}

Text ends_on_the_way(const Case& the_case, const Finding& finding, const Where& where) {
  if (where == this_host)
    return say("The connection is turned elsewhere on this machine: it need not end at {}.",
               the_case.owner());
  const auto place = place_named(the_case, where);
  if (const auto diversion = diversion_of(the_case); diversion && diversion->where == where)
    return is_likely(finding, Mechanism::port_forward)
               ? say("Port {}, or all of {}, is passed on at {}: the connection need not end at "
                     "that address.",
                     port_of(the_case), the_case.owner(), place)
               : say("Port {} is given another destination at {}: it need not end at {}.",
                     port_of(the_case), place, the_case.owner());
  return say("The connection ends at {}, not at {}.", place, the_case.owner());
}

Said transparent_proxy(const Case& the_case, const Finding& finding) {
  for (const auto& explanation : finding.explanations)
    if (explanation.mechanism == Mechanism::transparent_proxy && explanation.rank == 1)
      return ends_on_the_way(the_case, finding, explanation.where);
  return {};
}

Said behind_forward(const Case& the_case, const Finding& finding) {
  const bool forwards = finding.outcome == Outcome::open
                            ? the_case.address_forwards()
                            : is_likely(finding, Mechanism::port_forward);
  // It may be one port only: see transparent_proxy().
  if (!forwards || is_likely(finding, Mechanism::transparent_proxy)) return {};
  return say("The address belongs to a device that passes this port on to a host behind it.");
}

Said other_address(const Case& the_case) {
  std::vector<std::string> open;
  for (const auto& other : the_case.run.others)
    if (other.error == 0) open.push_back(to_string(other.address));
  if (open.empty()) return {};
  return fmt::format("Another address of the same name accepts connections on port {}: {}.",
                     port_of(the_case), fmt::join(open, ", "));
}

Said not_sent(const Case& the_case, const Finding& finding) {
  if (finding.outcome == Outcome::local) return {};
  const auto lost = never_left(the_case);
  if (lost == 0) return {};
  return say("{} probe{} never left this machine; they count as not sent, not as lost on the path.",
             lost, plural(lost));
}

}  // namespace

std::vector<Caveat> caveats_of(const Case& the_case, const Finding& finding) {
  const auto& facts = the_case.run.facts;
  std::vector<Caveat> caveats;
  const auto add = [&](CaveatId id, const Said& text) {
    if (text) caveats.push_back({id, *text});
  };
  const auto add_if = [&](bool holds, CaveatId id, const char* text) {
    if (holds) caveats.push_back({id, text});
  };
  add_if(the_case.run.connect_only.has_value(), CaveatId::unprivileged,
         "Without permission to send and capture packets only connect() was asked: which hop "
         "answers or drops was not looked for, and answers were not checked. To find it: run as "
         "root, or grant cap_net_raw.");
  add_if(facts.interrupted, CaveatId::interrupted,
         "The run was interrupted before it was done: this is what was known by then.");
  add_if(facts.interface_lost, CaveatId::interface_lost,
         "The network interface went down during the run, or this machine's address or route "
         "changed: probes and answers of that time say nothing.");
  add(CaveatId::capture_drops, capture_drops(facts));
  add_if(
      facts.truncated, CaveatId::capture_truncated,
      "The capture file is damaged, or ends in the middle of a packet: what could be read counts.");
  add_if(
      facts.clock_stepped, CaveatId::clock_stepped,
      is_foreign(the_case.run)
          ? "Times in the capture run backwards or jump: a clock was set, or files were joined."
          : "The clock of this machine was set during the run; round trips were corrected for it.");
  add(CaveatId::answers_elsewhere, answers_elsewhere(the_case));
  add(CaveatId::forged_replies, forged_replies(the_case));
  add_if(!the_case.run.goal.handshake && finding.outcome != Outcome::local, CaveatId::no_handshake,
         "No handshake was completed, as asked for: what happens after it was not tried.");
  add(CaveatId::two_owners, told_by_two(the_case));
  add_path_caveats(caveats, the_case, finding);
  add(CaveatId::unexpected_service, unexpected_service(the_case, finding));
  if (finding.outcome == Outcome::open) add(CaveatId::small_mtu, small_mtu(the_case));
  add(CaveatId::transparent_proxy, transparent_proxy(the_case, finding));
  add(CaveatId::behind_forward, behind_forward(the_case, finding));
  add(CaveatId::not_sent, not_sent(the_case, finding));
  add(CaveatId::other_address_open, other_address(the_case));
  return caveats;
}

}  // namespace hopblame
