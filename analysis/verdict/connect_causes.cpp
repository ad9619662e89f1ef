#include "analysis/verdict/connect_causes.hpp"

#include <cerrno>

#include "analysis/verdict/connect_late.hpp"
#include "analysis/verdict/departures.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// What a journal does not say that was written before it said it.
constexpr Duration control_wait_of_old = std::chrono::seconds(1);

/// How the same address answers on the other port: one witness more.
Evidence control_port(const Case& the_case) {
  const auto& only = *the_case.run.connect_only;
  const auto port = the_case.run.goal.control_port;
  if (!only.control_error)
    return {say("Port {} of the same address gave no answer in {} s.", port,
                Seconds{only.control_waited.value_or(control_wait_of_old)}),
            {}};
  if (*only.control_error == ECONNREFUSED)
    return {say("Port {} of the same address is refused at once.", port), {}};
  if (*only.control_error == 0)
    return {say("Port {} of the same address accepts a connection.", port), {}};
  return {say("Port {} of the same address ends in another error.", port), {}};
}

/// Nobody answers for the address. With an answer from the other port this is about the port only.
void add_those_of_all_ports(const Case& the_case, Causes& causes) {
  causes.add(Mechanism::host_silent, anywhere(the_case));
  if (asks_itself(the_case)) return;
  causes.add(Mechanism::blackhole, anywhere(the_case));
  // The router before it would say so, but many a router is told to send no ICMP.
  causes.add(Mechanism::host_down, connect_target(the_case), 2);
}

/// The three seconds that the kernel asks for a neighbour, and the one for the other port.
constexpr Duration enough_for_neighbour = std::chrono::milliseconds(4200);

/// Given up before the kernel had asked its neighbour three times.
void add_neighbour(const Case& the_case, Causes& causes) {
  const auto& connect = *the_case.run.connect;
  const auto& vantage = the_case.run.facts.vantage;
  const auto waited = connect.ended.value_or(the_case.run.ended) - connect.at;
  if (waited > enough_for_neighbour || !vantage.gateway || asks_itself(the_case)) return;
  causes.add(Mechanism::local_neighbour,
             {CulpritKind::router, std::uint8_t{1}, std::uint8_t{1}, vantage.gateway}, 2,
             say("`ip neigh` on this machine"));
}

}  // namespace

bool asks_itself(const Case& the_case) { return the_case.run.facts.vantage.target_is_local; }

bool is_unseen(const Case& the_case) { return the_case.run.connect_only.has_value(); }

Where anywhere(const Case& the_case) {
  if (asks_itself(the_case)) return connect_target(the_case);
  return {CulpritKind::unknown, std::uint8_t{1}, {}, {}};
}

Text rules_here() { return say("`sudo nft list ruleset` on this machine"); }

Where connect_target(const Case& the_case) {
  const auto& owner = the_case.owner();
  if (asks_itself(the_case))
    return {CulpritKind::destination, std::uint8_t{0}, std::uint8_t{0}, owner};
  return {CulpritKind::destination, std::uint8_t{1}, {}, owner};
}

Explanation by_connect(const Case& the_case, Mechanism mechanism, const Where& where, Text evidence,
                       Text settled_by, unsigned rank) {
  if (settled_by.empty()) settled_by = say("a run with permission to send and capture packets");
  Explanation made{mechanism, rank, where, {{std::move(evidence), {}}}, {}, std::move(settled_by)};
  const auto& only = the_case.run.connect_only;
  if (only && only->control_asked) made.because.push_back(control_port(the_case));
  if (auto late = late_answer(the_case)) made.because.push_back(std::move(*late));
  return made;
}

void Causes::add(Mechanism mechanism, const Where& where, unsigned rank, Text look) {
  found_.push_back(by_connect(case_, mechanism, where, text_, std::move(look), rank));
}

Finding connect_refused(const Case& the_case) {
  Causes causes(the_case,
                say("connect() to port {} was refused: a RST came back in the name of {}. Who made "
                    "it cannot be seen from here.",
                    port_of(the_case), the_case.owner()));
  const auto host = connect_target(the_case);
  causes.add(Mechanism::closed_port, host, 1, say("`ss -ltn` on the host"));
  causes.add(Mechanism::host_firewall_reset, host, 1, say("the firewall rules of the host"));
  if (!asks_itself(the_case)) causes.add(Mechanism::middlebox_reset, anywhere(the_case));
  if (!is_unseen(the_case)) return causes.as(Outcome::refused);
  if (!asks_itself(the_case)) {
    causes.add(Mechanism::injected_reset, anywhere(the_case), 2);
    causes.add(Mechanism::port_forward, host, 2, say("the port forwarding rules on that host"));
  }
  // Such a rule must be told to answer with a RST instead of ICMP, which would be known here.
  causes.add(Mechanism::local_output_filter, this_host, 2, rules_here());
  return causes.as(Outcome::refused);
}

Finding connect_silent(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  const auto until = connect.ended.value_or(the_case.run.ended);
  Causes causes(the_case, say("connect() to port {} got no answer of any kind in {} seconds.",
                              port_of(the_case), Seconds{until - connect.at}));
  const auto& only = the_case.run.connect_only;
  const bool others_answer = only && only->control_error;
  causes.add(Mechanism::filter_drop, anywhere(the_case));
  if (!others_answer) add_those_of_all_ports(the_case, causes);
  // A host that hides its other ports may still have one of these on this port.
  const unsigned rank = others_answer ? 1 : 2;
  causes.add(Mechanism::syn_filter, anywhere(the_case), rank);
  causes.add(Mechanism::accept_queue_full, connect_target(the_case), rank);
  // Nothing shows how far the SYN came, so nothing prefers the way there to the way back.
  causes.add(Mechanism::answer_lost, anywhere(the_case));
  if (is_unseen(the_case)) {
    causes.add(Mechanism::local_output_filter, this_host, 1, rules_here());
    causes.add(Mechanism::local_input_filter, this_host, 1, rules_here());
  }
  if (!others_answer) add_neighbour(the_case, causes);
  return causes.as(Outcome::dropped);
}

bool took_time(const ConnectRecord& connect) {
  return connect.ended && *connect.ended - connect.at > neighbour_failure;
}

bool may_be_route(int error) { return is_route_error(error) || error == ETIMEDOUT; }

bool may_be_rule(int error, Family family) {
  if (error == EACCES) return family == Family::ipv6;
  return error != EINVAL;
}

}  // namespace hopblame
