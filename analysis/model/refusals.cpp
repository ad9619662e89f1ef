#include "analysis/model/refusals.hpp"

#include <algorithm>

namespace hopblame {
namespace {

using namespace std::string_view_literals;

std::uint8_t byte(std::string_view words, std::size_t at) {
  return static_cast<std::uint8_t>(words[at]);
}

/// A decimal number, of as many digits as codes have at most.
std::uint32_t number_at(std::string_view text) {
  constexpr std::size_t most_digits = 5;
  std::uint32_t number = 0;
  for (const char digit : text.substr(0, most_digits)) {
    if (digit < '0' || digit > '9') break;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return number;
}

/// A record with a fatal alert alone, in clear: the handshake has failed (RFC 8446 sections 5.1 and
/// 6; of older versions RFC 5246 section 7.2).
PlainRefusal tls_alert(std::string_view words) {
  constexpr std::size_t size = 7;
  const bool alert = words.size() >= size && words.starts_with("\x15\x03") && byte(words, 2) <= 4 &&
                     words.substr(3, 3) == "\0\2\2"sv;
  return alert ? PlainRefusal{RefusedBy::tls, byte(words, 6)} : PlainRefusal{};
}

/// Oracle Net: a packet of type 4, refuse, with the reason in words (python-oracledb, Oracle's own
/// driver: TNS_PACKET_TYPE_REFUSE).
PlainRefusal tns_refuse(std::string_view words) {
  constexpr std::string_view error = "(ERR=";
  constexpr std::size_t header = 8;
  if (words.size() < header || byte(words, 4) != 4) return {};
  const auto at = words.find(error);
  if (at == words.npos || words.find("(DESCRIPTION=") == words.npos) return {};
  return {RefusedBy::oracle, number_at(words.substr(at + error.size()))};
}

/// A connection confirm of X.224 with a negotiation failure ([MS-RDPBCGR] section 2.2.1.2.2).
PlainRefusal rdp_failure(std::string_view words) {
  constexpr std::size_t size = 19;
  const bool fails = words.size() >= size && words.starts_with("\3\0\0\x13"sv) &&
                     byte(words, 5) == 0xd0 && byte(words, 11) == 3 &&
                     words.substr(13, 2) == "\x08\0"sv;
  return fails ? PlainRefusal{RefusedBy::rdp, byte(words, 15)} : PlainRefusal{};
}

/// Message 0, an extended response with this name: a notice of disconnection (RFC 4511 section
/// 4.4.1). Its result stands before the name.
PlainRefusal ldap_notice(std::string_view words) {
  if (!words.starts_with('\x30') || words.find("1.3.6.1.4.1.1466.20036") == words.npos) return {};
  const auto message = words.find("\2\1\0\x78"sv), result = words.find("\x0a\1"sv);
  if (message == words.npos || result == words.npos || result + 2 >= words.size()) return {};
  return {RefusedBy::ldap, byte(words, result + 2)};
}

}  // namespace

PlainRefusal plain_refusal(std::string_view words) {
  if (words.empty()) return {};
  switch (words.front()) {
    case '\x15': return tls_alert(words);
    case '\0': return tns_refuse(words);
    case '\3': return rdp_failure(words);
    case '\x30': return ldap_notice(words);
    default: return {};
  }
}

unsigned http_status(std::string_view words) {
  constexpr std::size_t status = 9;
  const bool response = words.starts_with("HTTP/") && words.size() > status + 2 && words[8] == ' ';
  return response ? number_at(words.substr(status, 3)) : 0;
}

}  // namespace hopblame
