#pragma once
// What a ticket of `compare` carries: the attempts as both ends saw them, in one file, in time.

#include "analysis/compare/comparison.hpp"
#include "src/offline/excerpt.hpp"

namespace hopblame {

struct BothCaptures {
  Excerpt client, server;
};

/// Of each capture the packets of the attempts, and errors about them.
[[nodiscard]] std::variant<BothCaptures, FileError> both_captures(
    const ReadRequest& client, const ReadRequest& server, const compare::Comparison& comparison);

/// Bytes of trace.pcapng. The server's packets are put where they belong by the client's clock, as
/// far as that is known; a comment at each packet tells its end and its number in the file read,
/// which are what the report cites.
[[nodiscard]] std::string save_both(const BothCaptures& both, const compare::Comparison& comparison,
                                    const Annotations& with);

}  // namespace hopblame
