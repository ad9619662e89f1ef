#pragma once
// The articles by name, one file per family; knowledge.cpp assigns them to the words.

#include "src/report/knowledge.hpp"

namespace hopblame::knowledge {

// clang-format off
extern const Article open, refused, rejected, unreachable, dropped, closed_early, silent_service,
    intermittent, local, inconclusive;
extern const Article closed_port, host_firewall_reset, middlebox_reset, injected_reset,
    icmp_reject_host, icmp_reject_router;
extern const Article no_route, route_prohibited, routing_loop, host_down, blackhole;
extern const Article filter_drop, syn_filter, accept_queue_full, answer_lost, host_silent;
extern const Article syn_proxy, transparent_proxy, port_forward, tarpit, accept_then_close,
    connection_limit, data_blocked, listening;
extern const Article rate_limit, probe_ban, path_loss;
extern const Article local_output_filter, local_input_filter, local_route, local_neighbour,
    local_interface;
// clang-format on

/// The caveats have texts only, no steps.
[[nodiscard]] const Article& of(CaveatId caveat);

}  // namespace hopblame::knowledge
