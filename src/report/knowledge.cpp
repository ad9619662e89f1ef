#include "src/report/knowledge.hpp"

#include "src/report/knowledge_tables.hpp"

namespace hopblame {

const Article& article(Outcome outcome) {
  switch (outcome) {
    case Outcome::open: return knowledge::open;
    case Outcome::refused: return knowledge::refused;
    case Outcome::rejected: return knowledge::rejected;
    case Outcome::unreachable: return knowledge::unreachable;
    case Outcome::dropped: return knowledge::dropped;
    case Outcome::closed_early: return knowledge::closed_early;
    case Outcome::silent_service: return knowledge::silent_service;
    case Outcome::intermittent: return knowledge::intermittent;
    case Outcome::local: return knowledge::local;
    case Outcome::inconclusive: return knowledge::inconclusive;
  }
  return knowledge::inconclusive;
}

const Article& article(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::closed_port: return knowledge::closed_port;
    case Mechanism::host_firewall_reset: return knowledge::host_firewall_reset;
    case Mechanism::middlebox_reset: return knowledge::middlebox_reset;
    case Mechanism::injected_reset: return knowledge::injected_reset;
    case Mechanism::icmp_reject_host: return knowledge::icmp_reject_host;
    case Mechanism::icmp_reject_router: return knowledge::icmp_reject_router;
    case Mechanism::no_route: return knowledge::no_route;
    case Mechanism::route_prohibited: return knowledge::route_prohibited;
    case Mechanism::routing_loop: return knowledge::routing_loop;
    case Mechanism::host_down: return knowledge::host_down;
    case Mechanism::filter_drop: return knowledge::filter_drop;
    case Mechanism::syn_filter: return knowledge::syn_filter;
    case Mechanism::accept_queue_full: return knowledge::accept_queue_full;
    case Mechanism::answer_lost: return knowledge::answer_lost;
    case Mechanism::blackhole: return knowledge::blackhole;
    case Mechanism::host_silent: return knowledge::host_silent;
    case Mechanism::syn_proxy: return knowledge::syn_proxy;
    case Mechanism::transparent_proxy: return knowledge::transparent_proxy;
    case Mechanism::port_forward: return knowledge::port_forward;
    case Mechanism::tarpit: return knowledge::tarpit;
    case Mechanism::accept_then_close: return knowledge::accept_then_close;
    case Mechanism::connection_limit: return knowledge::connection_limit;
    case Mechanism::data_blocked: return knowledge::data_blocked;
    case Mechanism::rate_limit: return knowledge::rate_limit;
    case Mechanism::probe_ban: return knowledge::probe_ban;
    case Mechanism::path_loss: return knowledge::path_loss;
    case Mechanism::local_output_filter: return knowledge::local_output_filter;
    case Mechanism::local_input_filter: return knowledge::local_input_filter;
    case Mechanism::local_route: return knowledge::local_route;
    case Mechanism::local_neighbour: return knowledge::local_neighbour;
    case Mechanism::local_interface: return knowledge::local_interface;
    case Mechanism::listening: return knowledge::listening;
  }
  return knowledge::inconclusive;
}

const Article& article(CaveatId caveat) { return knowledge::of(caveat); }

std::string_view to_string(Reader reader) {
  switch (reader) {
    case Reader::service: return "service";
    case Reader::host: return "host";
    case Reader::network: return "network";
    case Reader::cloud: return "cloud";
    case Reader::user: return "user";
  }
  return "user";
}

std::string_view title(Reader reader) {
  switch (reader) {
    case Reader::service: return "Service owner";
    case Reader::host: return "Host administrator";
    case Reader::network: return "Network team";
    case Reader::cloud: return "Cloud account owner";
    case Reader::user: return "User";
  }
  return "User";
}

}  // namespace hopblame
