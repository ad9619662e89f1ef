#pragma once
// Which targets of the client's capture `compare` looks at.

#include <string>
#include <variant>
#include <vector>

#include "analysis/model/observation.hpp"
#include "src/commands/targets.hpp"
#include "src/offline/read_file.hpp"

namespace hopblame {

/// Worst first: those that the user named, else those whose address the server's capture knows. A
/// translator may have changed that: of several of which it knows none, the one that fares worst.
[[nodiscard]] std::variant<std::vector<Rank>, NotWanted> targets_to_compare(
    const ForeignCapture& client, const ReadRequest& request, const std::string& typed,
    const std::vector<Observation>& at_server);

/// Where the user named none: which others fared ill.
void tell_others(const ForeignCapture& client, const std::vector<Rank>& compared);

}  // namespace hopblame
