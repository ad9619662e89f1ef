#include "src/report/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "src/report/timestamp.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {

void JsonWriter::put(std::string_view text) {
  out_.put('"');
  append_for_json(out_, text);
  out_.put('"');
}

void JsonWriter::put(TimePoint at) {
  out_.put('"');
  append_timestamp(out_, at);
  out_.put('"');
}

void JsonWriter::put_number(std::uint64_t value) {
  constexpr std::size_t most = 20;
  auto* at = out_.room(most);
  out_.written_to(std::to_chars(at, at + most, value).ptr);
}

/// The shortest text that gives this number again, as number that is not whole: 20.0, 1.8e-05.
void JsonWriter::put(double value) {
  if (!std::isfinite(value)) return put(nullptr);
  const bool tiny = value != 0 && std::abs(value) < 1e-4;
  constexpr std::size_t most = 400;  // the longest without an exponent has 309 digits
  auto* at = out_.room(most);
  auto* end = std::to_chars(at, at + most, value,
                            tiny ? std::chars_format::scientific : std::chars_format::fixed)
                  .ptr;
  out_.written_to(end);
  if (!tiny && std::find(at, end, '.') == end) out_.put(".0");
}

}  // namespace hopblame
