#pragma once
// What a service says in the bytes of its protocol when it turns a client away, in words.

#include <string>

#include "analysis/model/run.hpp"

namespace hopblame {

/// Empty: it said nothing of the kind.
[[nodiscard]] std::string refusal_sentence(const Run& run);

/// The client asked a proxy to connect on, and that has answered that it did not.
[[nodiscard]] bool is_stopped_by_proxy(const Run& run);

}  // namespace hopblame
