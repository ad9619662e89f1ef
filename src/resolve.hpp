#pragma once
// A name to its addresses, in the order the resolver of this machine prefers (RFC 6724).

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/model/address.hpp"

namespace hopblame {

struct Resolved {
  std::vector<IpAddress> addresses;  ///< at least one
  std::string zone;                  ///< interface name of a link-local address like fe80::1%eth0
};

struct ResolveError {
  std::string text;  ///< the resolver's own message
};

/// `host`: a name, or an address with or without its zone. `family`: only addresses of it. May take
/// as long as the resolver does.
[[nodiscard]] std::variant<Resolved, ResolveError> resolve(const std::string& host,
                                                           std::optional<Family> family);

}  // namespace hopblame
