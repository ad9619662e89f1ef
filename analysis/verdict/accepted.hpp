#pragma once
// A SYN/ACK answers the SYN: what happened after the handshake.

#include "analysis/model/services.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The service said what it says first, and where it is SSH, it did not leave before it answered
/// us.
[[nodiscard]] bool has_greeted(const ConnectRecord& connect, const KnownService* service);

[[nodiscard]] std::optional<Finding> judge_accepted(const Case& the_case);

}  // namespace hopblame
