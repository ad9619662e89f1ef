#include "src/report/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "src/report/timestamp.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

constexpr unsigned million = 1'000'000;

}  // namespace

void JsonWriter::put(std::string_view text) {
  out_.put('"');
  append_for_json(out_, text);
  out_.put('"');
}

void JsonWriter::put(const IpAddress& address) {
  auto* at = out_.room(longest_address + 2);
  *at++ = '"';
  at = write_address(at, address);
  *at++ = '"';
  out_.written_to(at);
}

void JsonWriter::put(TimePoint at) {
  if (moment_.size > 0 && moment_.at == at) {
    auto* to = out_.room(moment_.size);
    std::memcpy(to, out_.text().data() + moment_.begin, moment_.size);
    return out_.written_to(to + moment_.size);
  }
  moment_ = {at, out_.size(), 0};
  out_.put('"');
  append_timestamp(out_, at);
  out_.put('"');
  moment_.size = out_.size() - moment_.begin;
}

/// Digit by digit from the end: numbers of packets have few.
void JsonWriter::put_number(std::uint64_t value) {
  char digits[20];
  auto* first = digits + sizeof digits;
  for (; value >= 10; value /= 10) *--first = static_cast<char>('0' + value % 10);
  *--first = static_cast<char>('0' + value);
  out_.put({first, digits + sizeof digits});
}

void JsonWriter::put_millionths(std::uint64_t count) {
  constexpr std::size_t most = 20;
  put_number(count / million);
  auto* const point = out_.room(most);
  auto* end = std::to_chars(point, point + most, million + count % million).ptr;
  *point = '.';  // in place of the million
  while (end[-1] == '0' && end > point + 2) --end;
  out_.written_to(end);
}

/// The shortest text that gives this number again, as number that is not whole: 20.0, 1.8e-05.
void JsonWriter::put(double value) {
  if (!std::isfinite(value)) return put(nullptr);
  // No two decimals of at most fifteen digits are nearest to the same number: this one is it.
  if (value >= 1e-4 && value < 1e9) {
    const auto count = static_cast<std::uint64_t>(std::llround(value * million));
    if (static_cast<double>(count) / million == value) return put_millionths(count);
  }
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
