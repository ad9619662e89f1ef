#pragma once
// How often the kernel sent the SYN of a connect() that was answered: it tells any program.

#include <optional>

#include "analysis/model/facts.hpp"

namespace hopblame {

/// At once after connect() ended: later repeats are of data. Nothing: the kernel does not say.
[[nodiscard]] std::optional<SynsTold> told_of_syns(int fd);

}  // namespace hopblame
