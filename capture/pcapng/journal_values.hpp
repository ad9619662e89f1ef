#pragma once
// Single values of a journal to JSON and back: numbers with their range checked, moments,
// addresses, words, and text from outside. A read returns false instead of throwing and leaves
// garbage behind.

#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>

#include "analysis/model/run.hpp"

namespace hopblame::journal {

using Json = nlohmann::json;

/// Text from outside: a JSON string when it is printable ASCII, else {"hex": "..."}, because JSON
/// cannot hold bytes that are not UTF-8.
[[nodiscard]] Json write(const std::string& text);
[[nodiscard]] bool read(const Json& json, std::string& text);

[[nodiscard]] Json write(const IpAddress& address);
[[nodiscard]] bool read(const Json& json, IpAddress& address);
[[nodiscard]] Json write(Transport transport);
[[nodiscard]] bool read(const Json& json, Transport& transport);
[[nodiscard]] Json write(ProbeKind kind);
[[nodiscard]] bool read(const Json& json, ProbeKind& kind);
[[nodiscard]] Json write(Aim aim);
[[nodiscard]] bool read(const Json& json, Aim& aim);

[[nodiscard]] inline Json write(bool value) { return value; }
[[nodiscard]] inline bool read(const Json& json, bool& value) {
  if (json.is_boolean()) value = json.get<bool>();
  return json.is_boolean();
}

template <class Number>
concept Integer = std::is_integral_v<Number> && !std::is_same_v<Number, bool>;

[[nodiscard]] Json write(Integer auto value) { return value; }

template <Integer Number>
[[nodiscard]] bool read(const Json& json, Number& value) {
  if (json.is_number_unsigned()) {
    const auto wide = json.get<std::uint64_t>();
    value = static_cast<Number>(wide);
    return std::in_range<Number>(wide);
  }
  if (!json.is_number_integer()) return false;
  const auto wide = json.get<std::int64_t>();
  value = static_cast<Number>(wide);
  return std::in_range<Number>(wide);
}

/// Nanoseconds. Spans are kept within 2^62, so that adding or subtracting two cannot overflow.
[[nodiscard]] inline Json write(Duration span) { return span.count(); }
[[nodiscard]] inline bool read(const Json& json, Duration& span) {
  constexpr Duration::rep most = Duration::rep{1} << 62;
  Duration::rep count = 0;
  if (!read(json, count) || count < 0 || count > most) return false;
  span = Duration(count);
  return true;
}

[[nodiscard]] inline Json write(TimePoint at) { return write(at.time_since_epoch()); }
[[nodiscard]] inline bool read(const Json& json, TimePoint& at) {
  Duration since{};
  if (!read(json, since)) return false;
  at = TimePoint(since);
  return true;
}

[[nodiscard]] inline Json write(HopLimit limit) { return limit.value; }
[[nodiscard]] inline bool read(const Json& json, HopLimit& limit) {
  return read(json, limit.value);
}
[[nodiscard]] inline Json write(ProbeId id) { return id.value; }
[[nodiscard]] inline bool read(const Json& json, ProbeId& id) { return read(json, id.value); }

}  // namespace hopblame::journal
