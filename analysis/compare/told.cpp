#include "analysis/compare/told.hpp"

#include <fmt/format.h>

namespace hopblame::compare {

void Told::told() {
  if (finding_.told == M::host_down) return neighbour_is_gone();
  const auto who = to_string(*finding_.stranger_address);
  const auto settle = finding_.told == M::no_route
                          ? fmt::format("the routes of {} at that time", who)
                          : fmt::format("the rules of {}: which one rejects what the {} sends?",
                                        who, finding_.way == Way::back ? "server" : "client");
  add(*finding_.told, teller(), settle);
  blame(teller(), Confidence::strong);
}

/// Who got the message was talking to a machine that is not on its link any more, as far as the
/// last router knows; routers without a route to one host say the same (RFC 1812 section 5.2.7.1).
void Told::neighbour_is_gone() {
  const bool back = finding_.way == Way::back;
  const auto gone = back ? this_host : host();
  const auto settle =
      fmt::format("the neighbours and routes of {} at that time, and the link of the {}",
                  to_string(*finding_.stranger_address), back ? "client" : "server");
  add(back ? M::local_interface : M::host_down, gone, settle);
  add(M::no_route, teller(), settle, 2);
  blame(gone, Confidence::strong);
}

void Told::unheeded() {
  const bool back = finding_.way == Way::back;
  const auto at_sender = fmt::format(
      "on the {}: rules that drop ICMP, `sysctl net.ipv4.ip_no_pmtu_disc`, and `ip route get` of "
      "the other end: does it show an MTU?",
      back ? "server" : "client");
  const auto at_teller = fmt::format("the MTU of the link behind {}: ought it to be so small?",
                                     to_string(*finding_.stranger_address));
  if (back) {
    const auto where = from_teller_to_host();
    add(M::data_blocked, where, at_sender + " And " + at_teller);
    return blame(where, Confidence::strong);
  }
  add(M::local_input_filter, this_host, at_sender);
  add(M::data_blocked, teller(), at_teller);
  blame(between(), Confidence::strong);
}

Where Told::from_teller_to_host() const {
  const auto first = hop_of_sender(), last = comparison_.server_distance();
  return first && last ? Where{CulpritKind::between, first, last, {}} : between();
}

Where Told::teller() const {
  const auto hop = hop_of_sender();
  return {CulpritKind::router, hop, hop, finding_.stranger_address};
}

}  // namespace hopblame::compare
