#include "analysis/compare/lost_request.hpp"

#include <fmt/format.h>

namespace hopblame::compare {
namespace {

/// So many copies of a packet are not lost by chance.
constexpr unsigned no_chance = 3;

constexpr const char* longer_test = "a longer test: mtr, or more attempts";

}  // namespace

void LostRequest::lost(M mechanism, Text settled_by) {
  const auto* known = known_place(mechanism);
  const auto where = known ? known->where : between();
  add(mechanism, where, std::move(settled_by));
  const bool chance = finding_.lost < no_chance;
  if (chance) add(M::path_loss, between(), longer_test, 2);
  blame(where, chance ? Confidence::strong : Confidence::certain);
}

void LostRequest::request_lost() {
  lost(M::filter_drop,
       "the rule counters and logs of the devices between: who drops TCP to this port?");
  const auto& meanwhile = comparison_.meanwhile;
  if (meanwhile.arrived)
    also("Other packets of the client reached the server at the same time.");
  else if (comparison_.others_arrive)
    also("Other packets of the client reached the server before, or after, and none then.");
  const bool chance = lists(cause_.explanations, M::path_loss);
  if (!meanwhile.arrived)
    add(M::blackhole, between(), "the routing tables between: does each know the way?",
        comparison_.others_arrive ? 2 : 1);
  if (meanwhile.lost > 0 && !chance) lost_as_well(meanwhile.lost);
  if (known_place(M::filter_drop)) return;
  if (may_be_of_another_machine())
    another_machine(M::host_silent, "have got the SYN, and keep silent", 2);
  blame(between(), Confidence::strong);
}

void LostRequest::lost_as_well(unsigned pings) {
  add(M::path_loss, between(), longer_test, 2);
  cause_.explanations.back().because = {
      {fmt::format("{} of the client's pings did not arrive at that time either.", pings), {}}};
}

void LostRequest::made_on_way(M mechanism) {
  if (const auto* known = known_place(mechanism)) {
    add(mechanism, known->where, known->settled_by);
    also("The client's own packets find the same place.");
    return blame(known->where, Confidence::certain);
  }
  const auto near = sender();
  add(mechanism, near.value_or(between()),
      near
          ? fmt::format("a capture at hop {}: is this packet made there, or on the link beside it?",
                        *hop_of_sender())
          : "a capture half-way: does this packet come in, or is it made there?");
  if (near) also(routers_text());
  const bool other = may_be_of_another_machine();
  if (other && !near) answered_by_another_machine();
  blame(near.value_or(between()), near || other ? Confidence::strong : Confidence::certain);
}

/// What the client got passed as many routers as what the captured server sends.
void LostRequest::answered_by_another_machine() {
  constexpr const char* said_so = "have said so itself";
  if (finding_.finding == Finding::rejected_on_way)
    return another_machine(M::icmp_reject_host, said_so, 1);
  if (finding_.finding != Finding::reset_instead) return;
  another_machine(M::closed_port, said_so, 1);
  another_machine(M::host_firewall_reset, said_so, 1);
}

void LostRequest::another_machine(M mechanism, const char* what_it_did, unsigned rank) {
  add(mechanism, host(),
      fmt::format("whether several machines bear {} (a load balancer, anycast, a cluster): then a "
                  "capture on each of them",
                  to_string(target_.address)),
      rank);
  cause_.explanations.back().because = {
      {fmt::format("Where several machines bear the address, another than the captured one may "
                   "{}.",
                   what_it_did),
       {}}};
}

}  // namespace hopblame::compare
