#include "analysis/compare/lost_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/flows.hpp"

namespace hopblame::compare {
namespace {

/// So many copies of a packet are not lost by chance.
constexpr unsigned no_chance = 3;

std::vector<FrameId> packets_of(const Explanation& explanation) {
  std::vector<FrameId> packets;
  for (const auto& evidence : explanation.because)
    packets.insert(packets.end(), evidence.packets.begin(), evidence.packets.end());
  std::ranges::sort(packets);
  packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
  return packets;
}

/// What it said does not arrive any more, of whatever size.
bool is_cut(const AttemptFinding& attempt) {
  return attempt.finding == Finding::data_lost && attempt.small_lost;
}

constexpr const char* longer_test = "a longer test: mtr, or more attempts";
constexpr const char* over_a_limit =
    "limits on the number of connections, or of new ones a second, and the size of the tables for "
    "connections and addresses (NAT) on the devices between: is one full?";

}  // namespace

void LostRequest::lost(M mechanism, Text settled_by) {
  const auto* known = known_place(mechanism);
  const auto where = known ? known->where : between();
  add(mechanism, where, std::move(settled_by));
  const bool chance = finding_.lost < no_chance;
  if (chance) add(M::path_loss, between(), longer_test, 2);
  const bool sure = !chance && !may_be_of_another_machine();
  blame(where, sure ? Confidence::certain : Confidence::strong);
}

/// Who drops every packet to the port drops those of older connections as well.
void LostRequest::new_connection_lost() {
  const auto& meanwhile = comparison_.meanwhile;
  constexpr const char* go_on = "Connections to this port that were made before go on meanwhile.";
  lost(M::syn_filter, "the rules of the devices between for new connections: which one counts?");
  also(go_on, meanwhile.port.older);
  const bool chance = lists(cause_.explanations, M::path_loss);
  add(M::rate_limit, between(), over_a_limit);
  also(go_on, meanwhile.port.older);
  add(M::filter_drop, between(),
      "rules and equal paths that choose by the client's port: who drops TCP from this one?", 2);
  if (!meanwhile.lost.empty() && !chance) lost_as_well(meanwhile.lost);
  if (may_be_of_another_machine()) kept_by_another_machine();
  blame(between(), Confidence::strong);
}

/// Others get through, or hold what there is room for. No limit on connections takes anything from
/// one that it has let through.
void LostRequest::add_limit() {
  const auto& port = comparison_.meanwhile.port;
  const bool held = !port.held.empty() && std::ranges::none_of(comparison_.attempts, is_cut);
  if (port.newer.empty() && !held) return;
  add(M::rate_limit, between(), over_a_limit);
  if (!port.newer.empty())
    also("Other connections to this port were let through in between.", port.newer);
  else
    also("Connections to this port that were made before were not ended by then.", port.held);
}

/// Who drops by chance or by time drops some packets of one connection, and others of another.
void LostRequest::goes_by_flow() {
  const auto flows = flows_of(comparison_.attempts);
  if (!flows) return;
  const auto drops =
      std::ranges::find(cause_.explanations, M::filter_drop, &Explanation::mechanism);
  if (drops != cause_.explanations.end())
    drops->because.push_back(
        {fmt::format("{} connections lost every one of their {} SYNs, {} in between none: it goes "
                     "by the connection, that is by the client's port, or by which of several "
                     "equal paths or devices it takes.",
                     flows->shut, flows->lost, flows->open),
         finding_.client_packets});
  for (auto& explanation : cause_.explanations)
    if (explanation.mechanism == M::rate_limit || explanation.mechanism == M::path_loss)
      explanation.rank = 2;
}

void LostRequest::request_lost() {
  const auto& port = comparison_.meanwhile.port;
  if (!port.older.empty() && port.newer.empty()) return new_connection_lost();
  lost(M::filter_drop,
       "the rule counters and logs of the devices between: who drops TCP to this port?");
  const auto& meanwhile = comparison_.meanwhile;
  const bool others_arrive = !meanwhile.arrived.empty() || !meanwhile.around.empty();
  if (!meanwhile.arrived.empty())
    also("Other packets of the client reached the server in between.", meanwhile.arrived);
  else if (others_arrive)
    also("Other packets of the client reached the server before, or after, and none then.",
         meanwhile.around);
  const bool chance = lists(cause_.explanations, M::path_loss);
  if (meanwhile.arrived.empty())
    add(M::blackhole, between(), "the routing tables between: does each know the way?",
        others_arrive ? 2 : 1);
  if (!meanwhile.lost.empty() && !chance) lost_as_well(meanwhile.lost);
  if (known_place(M::filter_drop)) return;
  add_limit();
  goes_by_flow();
  if (may_be_of_another_machine()) kept_by_another_machine();
  blame(between(), Confidence::strong);
}

void LostRequest::came_late() {
  if (finding_.lost > 0) {
    add(M::path_loss, between(), longer_test);
    add(M::rate_limit, between(),
        "the rules of the devices between that let through only so many packets a second");
    return blame(between(), Confidence::strong);
  }
  add(M::accept_queue_full, host(), "on the server: does `nstat -az TcpExtListenDrops` grow?");
  add(M::rate_limit, host(),
      "on the server: its rules that let through only so many packets a second");
  blame(host(), Confidence::strong);
}

/// A client that is not answered asks again after a second. Who did not may have got the answer,
/// and only the capture missed it; or the program gave up before.
void LostRequest::perhaps_heard() {
  const auto settle = "the client's program: did it say that it was refused, or that it timed out?";
  constexpr const char* why =
      "A client that gets no answer asks again after a second. This one did not: it may have got "
      "this one, and only its capture missed it.";
  const auto sent = finding_.told ? std::vector{*finding_.told}
                                  : std::vector{M::closed_port, M::host_firewall_reset};
  for (const auto mechanism : sent) {
    add(mechanism, host(), settle);
    also(why);
  }
  add(M::answer_lost, between(), settle);
  blame(between(), Confidence::weak);
}

void LostRequest::half_made() {
  lost(M::data_blocked,
       "the stateful firewalls on the way there: which one counts packets of a connection that it "
       "does not know, and does the SYN/ACK come back through it?");
  also(
      "A firewall that sees one direction only, because the way back takes another route, lets the "
      "SYN pass, misses the SYN/ACK, and drops what follows.");
}

void LostRequest::forgotten() {
  add(M::data_blocked, between(),
      "the connection tables and idle limits of the devices that translate addresses on the way: "
      "which one has forgotten the connection?");
  blame(between(), Confidence::certain);
}

/// A rule looks at addresses and ports, not at checksums: who spoils packets changes them.
void LostRequest::spoiled() {
  const auto mechanism = finding_.finding == Finding::request_lost  ? M::filter_drop
                         : finding_.finding == Finding::answer_lost ? M::answer_lost
                                                                    : M::data_blocked;
  add(mechanism, between(),
      "a capture on each side of the devices that change packets (NAT, firewall, VPN, load "
      "balancer), with checksums verified: from where on are they wrong?");
  blame(between(), Confidence::strong);
}

void LostRequest::lost_as_well(const std::vector<FrameId>& pings) {
  add(M::path_loss, between(), longer_test, 2);
  const auto count = pings.size();
  cause_.explanations.back().because = {
      {fmt::format("{} of the client's pings did not arrive at that time either.", count), pings}};
}

void LostRequest::made_on_way(M mechanism) {
  if (const auto* known = known_place(mechanism)) {
    add(mechanism, known->where, known->settled_by);
    auto& because = cause_.explanations.back().because;
    because.push_back({"The client's own packets find the same place.", packets_of(*known)});
    return blame(known->where, Confidence::certain);
  }
  const auto near = sender();
  add(mechanism, near.value_or(between()),
      near
          ? fmt::format("a capture at hop {}: is this packet made there, or on the link beside it?",
                        *hop_of_sender())
          : "a capture half-way: does this packet come in, or is it made there?");
  if (near) also(routers_text());
  if (near) also(usual_routers_text(), usual());
  const bool other = may_be_of_another_machine();
  if (other && !near) answered_by_another_machine();
  if (!near && finding_.perhaps_own) perhaps_own();
  // The server lies beyond where the second capture was taken.
  if (!near && finding_.perhaps_own && comparison_.midway)
    return blame({CulpritKind::unknown, std::uint8_t{1}, {}, {}}, Confidence::strong);
  const bool sure = !near && !other && !finding_.perhaps_own;
  blame(near.value_or(between()), sure ? Confidence::certain : Confidence::strong);
}

/// One packet that a capture lacks it may have missed.
void LostRequest::perhaps_own() {
  const auto causes = [&]() -> std::vector<M> {
    switch (finding_.outcome) {
      case Outcome::refused: return {M::closed_port, M::host_firewall_reset};
      case Outcome::closed_early: return {M::accept_then_close, M::host_firewall_reset};
      default: return {M::icmp_reject_host};
    }
  }();
  for (const auto mechanism : causes) {
    add(mechanism, host(), "a second try, with a capture on the server that loses nothing");
    cause_.explanations.back().because.clear();
    also(
        "Only if the server's capture missed this one packet: it passed as many routers as what "
        "the "
        "server sends, which said nothing more after it.");
  }
}

void LostRequest::kept_by_another_machine() {
  another_machine(M::host_silent, "have got the SYN, and keep silent", 2);
}

/// What the client got passed as many routers as what the captured server sends.
void LostRequest::answered_by_another_machine() {
  constexpr const char* said_so = "have said so itself";
  if (finding_.finding == Finding::rejected_on_way)
    return another_machine(M::icmp_reject_host, said_so, 1);
  if (finding_.finding == Finding::answer_invented) return served_by_another_machine();
  if (finding_.finding != Finding::reset_instead) return;
  another_machine(M::closed_port, said_so, 1);
  another_machine(M::host_firewall_reset, said_so, 1);
}

void LostRequest::served_by_another_machine() {
  switch (finding_.outcome) {
    case Outcome::open: return another_machine(M::listening, "have answered", 1);
    case Outcome::closed_early:
      return another_machine(M::accept_then_close, "have answered, and then closed", 1);
    default: return another_machine(M::tarpit, "have answered, and say nothing more", 1);
  }
}

void LostRequest::another_machine(M mechanism, const char* what_it_did, unsigned rank) {
  add(mechanism, host(),
      fmt::format("whether several machines bear {} (a load balancer, anycast, a cluster): then a "
                  "capture on each of them",
                  to_string(target_.address)),
      rank);
  cause_.explanations.back().because.clear();
  also(fmt::format("Where several machines bear the address, another than the captured one may {}.",
                   what_it_did));
}

}  // namespace hopblame::compare
