#pragma once
// A router on the way sends the port to somebody else than the owner of the address (destination
// NAT in mid-path), while other ports reach the owner farther on.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct Diversion {
  Where where;                      ///< the router that does it
  std::uint8_t hop = 0;             ///< that router, or one behind it, gave two names here
  const Reply* renamed = nullptr;   ///< its time exceeded on the port's flow, in the owner's name
  const Reply* own_name = nullptr;  ///< and on the control flow, if it came
  const Reply* of_stack = nullptr;  ///< instead: the RST or message of its stack, in that name
};

[[nodiscard]] std::optional<Diversion> diversion_of(const Case& the_case);

/// A router before this place sends the port there: who answers need not take upon itself what
/// others are asked.
[[nodiscard]] bool is_sent_to(const Case& the_case, const Where& where);

/// Names that router, and takes the blame from the owner for what its host has not done.
void tell_diversion(const Case& the_case, Finding& finding);

}  // namespace hopblame
