#pragma once
// The object "compare" of the schema.

#include "analysis/compare/comparison.hpp"
#include "src/report/json_writer.hpp"

namespace hopblame {

void write(JsonWriter& json, std::string_view name, const compare::Comparison& comparison);

}  // namespace hopblame
