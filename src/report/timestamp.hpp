#pragma once
// RFC 3339, UTC, nanoseconds: "2026-11-20T11:20:00.000000000Z", whatever TZ and LANG say.

#include <string>

#include "analysis/model/time.hpp"
#include "src/report/text_buffer.hpp"

namespace hopblame {

[[nodiscard]] std::string timestamp(TimePoint at);
void append_timestamp(TextBuffer& out, TimePoint at);

}  // namespace hopblame
