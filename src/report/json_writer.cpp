#include "src/report/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "src/report/untrusted.hpp"

namespace hopblame {

void JsonWriter::put(std::string_view text) {
  out_ += '"';
  append_for_json(out_, text);
  out_ += '"';
}

void JsonWriter::put_number(std::uint64_t value) {
  std::array<char, 20> room;
  const auto end = std::to_chars(room.begin(), room.end(), value).ptr;
  out_.append(room.begin(), end);
}

/// The shortest text that gives this number again, as number that is not whole: 20.0, 1.8e-05.
void JsonWriter::put(double value) {
  if (!std::isfinite(value)) return put(nullptr);
  const bool tiny = value != 0 && std::abs(value) < 1e-4;
  std::array<char, 400> room;  // the longest without an exponent has 309 digits
  const auto end = std::to_chars(room.begin(), room.end(), value,
                                 tiny ? std::chars_format::scientific : std::chars_format::fixed)
                       .ptr;
  const std::string_view text(room.begin(), end);
  out_ += text;
  if (!tiny && text.find('.') == std::string_view::npos) out_ += ".0";
}

}  // namespace hopblame
