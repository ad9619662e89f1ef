#pragma once
// The object "compare" of the schema.

#include <nlohmann/json_fwd.hpp>

#include "analysis/compare/comparison.hpp"

namespace hopblame {

[[nodiscard]] nlohmann::ordered_json json_of(const compare::Comparison& comparison);

}  // namespace hopblame
