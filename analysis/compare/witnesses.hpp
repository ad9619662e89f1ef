#pragma once
// Which packets beside those of the attempts a ticket has to keep to be compared again.

#include "analysis/compare/call.hpp"
#include "analysis/compare/comparison.hpp"
#include "analysis/compare/seen_again.hpp"

namespace hopblame::compare {

struct Shown {
  const Packets& of_target;                 ///< the client's, to and from it
  const std::vector<SeenTwice>& datagrams;  ///< of whichever address
  const Forwarding& forwarding;
  const Call* doubtful;  ///< at the server: it may be one of the attempts; null: there is none
};

void keep_witnesses(Comparison& comparison, const IpAddress& target, const Shown& shown);

}  // namespace hopblame::compare
