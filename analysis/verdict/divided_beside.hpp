#pragma once
// Flows that fare neither as those that get through nor as those that were judged: a second fault.

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// `judged`: of the flows to the port, the one whose walk `finding` is about.
void add_faults_beside(const Case& the_case, const std::vector<PortFlow>& flows,
                       const PortFlow& judged, Finding& finding);

}  // namespace hopblame
