#include "capture/pcapng/journal_values.hpp"

#include <algorithm>

namespace hopblame::journal {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string to_hex(std::string_view text) {
  std::string hex;
  hex.reserve(text.size() * 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

bool from_hex(std::string_view hex, std::string& text) {
  if (hex.size() % 2 != 0) return false;
  text.clear();
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const auto high = digits.find(hex[i]), low = digits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    text += static_cast<char>(high << 4 | low);
  }
  return true;
}

const std::string* plain(const Json& json) { return json.get_ptr<const Json::string_t*>(); }

template <class Value>
bool read_word(const Json& json, Value& value, std::optional<Value> (*find)(const char*)) {
  const std::string* word = plain(json);
  const std::optional<Value> found = word ? find(word->c_str()) : std::nullopt;
  if (found) value = *found;
  return found.has_value();
}

}  // namespace

Json write(const std::string& text) {
  if (is_printable(text)) return text;
  return Json{{"hex", to_hex(text)}};
}

bool read(const Json& json, std::string& text) {
  if (const std::string* string = plain(json)) {
    text = *string;
    return true;
  }
  if (!json.is_object()) return false;
  const auto hex = json.find("hex");
  return hex != json.end() && hex->is_string() && from_hex(*plain(*hex), text);
}

Json write(const IpAddress& address) { return to_string(address); }

bool read(const Json& json, IpAddress& address) {
  const std::string* string = plain(json);
  const auto parsed = string ? IpAddress::parse(*string) : std::nullopt;
  if (parsed) address = *parsed;
  return parsed.has_value();
}

Json write(Transport transport) { return static_cast<unsigned>(transport); }

bool read(const Json& json, Transport& transport) {
  std::uint8_t number = 0;
  if (!read(json, number)) return false;
  transport = Transport{number};
  return true;
}

Json write(ProbeKind kind) { return to_string(kind); }
bool read(const Json& json, ProbeKind& kind) { return read_word(json, kind, probe_kind); }
Json write(Aim aim) { return to_string(aim); }
bool read(const Json& json, Aim& aim) { return read_word(json, aim, probe_aim); }

}  // namespace hopblame::journal
