#pragma once
// Refusals in the bytes of a protocol: nobody says them but to a client that is turned away,
// whatever it has said before.

#include <cstdint>
#include <string_view>

namespace hopblame {

enum class RefusedBy : std::uint8_t { nobody, tls, oracle, rdp, ldap };

/// `code`: of the alert, the error (ORA-, TNS-), the failure or the result.
struct PlainRefusal {
  RefusedBy by = RefusedBy::nobody;
  std::uint32_t code = 0;
  explicit operator bool() const { return by != RefusedBy::nobody; }
  bool operator==(const PlainRefusal&) const = default;
};

/// `words`: the first that the server says.
[[nodiscard]] PlainRefusal plain_refusal(std::string_view words);

/// The status of a response of HTTP (RFC 9112 section 4); 0: it is none.
[[nodiscard]] unsigned http_status(std::string_view words);

}  // namespace hopblame
