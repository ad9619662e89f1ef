#pragma once
// Of all probes of a run, those that tell of the flows which fare otherwise than the others.

#include <initializer_list>
#include <vector>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] bool is_syn(const Exchange& exchange, Aim aim);
[[nodiscard]] bool belongs_to_any(const std::vector<PortFlow>& flows, const Exchange& exchange);

/// The SYNs of these flows, in the order in which they left.
[[nodiscard]] std::vector<FrameId> asked_on(
    std::initializer_list<const std::vector<PortFlow>*> all);

/// As if only these of the flows to the port had been asked, and never been accepted. Probes of
/// other kinds have flows of their own, but for the SYN with a bad checksum: their way is another
/// question.
[[nodiscard]] std::vector<Exchange> evidence_of(const Case& the_case,
                                                const std::vector<PortFlow>& flows, SynFate fate);

/// One flow's walk is one path; connect()'s, which has none, went some way too.
[[nodiscard]] std::vector<PortFlow> one_path(const Case& the_case,
                                             const std::vector<PortFlow>& flows);

/// Who lets a flow through at one time and refuses it at another: a router that the flow passed at
/// another time than it was refused tells nothing of the refusal.
void keep_time_of_refusals(std::vector<Exchange>& evidence, const Contrast& contrast,
                           const IpAddress& owner);

/// Not each packet of a flow may fare alike, as where two ways take turns: a device whose messages
/// come over as many routers as the RSTs may make these, though some probe got past it.
void leave_out_luck(const Case& the_case, std::vector<Exchange>& evidence);

[[nodiscard]] std::vector<IpAddress> routers_met(const Walk& walk);

/// SYNs of these flows that died at a router beyond this hop.
[[nodiscard]] std::vector<FrameId> passes_of(const Case& the_case,
                                             const std::vector<PortFlow>& flows, std::uint8_t hop);

}  // namespace hopblame
