#pragma once
// Whether what was said after the handshake was lost because of its size, or as all else.

#include "src/report/document.hpp"
#include "src/report/steps.hpp"

namespace hopblame {

/// Two captures show that it got lost between them.
[[nodiscard]] bool is_lost_on_way(const ReportInput& input);

/// Once it had worked, nothing at all got through any more, or nobody had said anything for long.
[[nodiscard]] bool was_cut(const ReportInput& input);

/// Two captures show whether it is large packets that do not arrive; else it may be, where small
/// ones were answered.
[[nodiscard]] bool may_be_of_size(const ReportInput& input);

/// That it does not get a router's message about its packets is listed beside what small links do.
[[nodiscard]] bool is_told_too_big(const ReportInput& input);

/// On which way large packets may be lost: two captures know, and whoever speaks himself. Who reads
/// of others in one capture does not, where nothing came any more.
[[nodiscard]] only::Bits large_ways(const ReportInput& input);

}  // namespace hopblame
