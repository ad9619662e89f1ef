#pragma once
// Some flows to a port get through, and others do not: does the flow decide it, the connection, or
// how many there were?

#include "analysis/path/port_flows.hpp"

namespace hopblame {

/// What else there is to compare with.
struct Beside {
  std::vector<PortFlow> control;  ///< flows to the other port; they may take the same ways
  /// SYNs that died farther on than the nearest at which one was turned away: these got past it.
  std::vector<SynTry> passes;
};
[[nodiscard]] Beside beside(std::span<const Exchange> exchanges, const Contrast& contrast);

/// No probe got answers of two kinds, as a race between a box and the host makes them.
[[nodiscard]] bool answers_agree(const Contrast& contrast);

/// How much likelier the flows fare as they did if some are always swallowed and the others lose
/// what `loss` takes, than if each SYN were swallowed by itself: above 1 for the flow, below for
/// chance. connect()'s do not count: a kernel that repeats a SYN of its own looks for another way
/// (a new hash and, in IPv6, a new flow label: Linux sk_rethink_txhash).
[[nodiscard]] double odds_of_flow(const std::vector<PortFlow>& flows, double loss);

/// The flow decides, not the time, not how many there were before, and not chance: those that get
/// through and others take turns, each stays what it was but for what the path loses, and no limit
/// would have chosen so.
[[nodiscard]] bool is_by_flow(const Contrast& contrast, const Beside& beside);

/// By their first SYN: those that were opened first got through, and none that was opened later. A
/// count of connections lets the old ones go on.
[[nodiscard]] bool shuts_out_new_flows(const Contrast& contrast);

/// As far as it can be told where answers get lost: rather the flow than chance, and no usual
/// limit.
[[nodiscard]] bool leans_to_flow(const Contrast& contrast, const Beside& beside, double level);

/// The same SYNs fare differently on the same flows, or nearly: more of them will not show that the
/// flow decides.
[[nodiscard]] bool is_hardly_by_flow(const Contrast& contrast, const Beside& beside);

/// The connection decides, as where a balancer deals them out to several machines: a connection
/// that was not answered never is when asked again, one that our RST has ended is dealt out anew,
/// and no limit would have chosen so.
[[nodiscard]] bool is_by_connection(const Contrast& contrast);

/// A limit on new connections explains every answer and every silence so far.
[[nodiscard]] bool fits_a_limit(const Contrast& contrast);

}  // namespace hopblame
