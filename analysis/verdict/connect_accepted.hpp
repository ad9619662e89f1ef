#pragma once
// The connection was made and no packet of it seen: what connect() and the first words alone leave
// open.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] Finding connect_accepted(const Case& the_case);
/// The peer, or something in its name, ended it before the service had said what it ought to say.
[[nodiscard]] Finding connect_ended(const Case& the_case);

}  // namespace hopblame
