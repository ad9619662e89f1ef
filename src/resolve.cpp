#include "src/resolve.hpp"

#include <net/if.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "capture/system.hpp"

namespace hopblame {
namespace {

std::string zone_of(const sockaddr* address) {
  if (address->sa_family != AF_INET6) return {};
  sockaddr_in6 in6;
  std::memcpy(&in6, address, sizeof in6);
  std::array<char, IF_NAMESIZE> name{};
  if (in6.sin6_scope_id == 0 || if_indextoname(in6.sin6_scope_id, name.data()) == nullptr)
    return {};
  return name.data();
}

addrinfo hints_for(std::optional<Family> family) {
  addrinfo hints{};
  hints.ai_family = family ? af_of(*family) : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  return hints;
}

/// What a socket makes of such an address: an IPv4 address in an IPv6 one is IPv4 (RFC 4291 section
/// 2.5.5.2), the unspecified one means this machine (Linux).
IpAddress as_connected(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const std::span bytes(address.bytes);
  if (address.family == Family::ipv6 && std::ranges::equal(bytes.first<12>(), mapped))
    return IpAddress::v4(bytes.last<4>());
  if (!address.is_unspecified()) return address;
  return *IpAddress::parse(address.family == Family::ipv4 ? "127.0.0.1" : "::1");
}

}  // namespace

std::variant<Resolved, ResolveError> resolve(const std::string& host,
                                             std::optional<Family> family) {
  const auto hints = hints_for(family);
  addrinfo* list = nullptr;
  const int status = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (status == EAI_SYSTEM) return ResolveError{error_text(errno)};
  if (status != 0) return ResolveError{gai_strerror(status)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
  Resolved resolved;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    const auto address = as_connected(endpoint_of(entry->ai_addr).address);
    if (resolved.addresses.empty()) resolved.zone = zone_of(entry->ai_addr);
    if (std::ranges::find(resolved.addresses, address) == resolved.addresses.end())
      resolved.addresses.push_back(address);
  }
  if (resolved.addresses.empty()) return ResolveError{"no address"};
  return resolved;
}

}  // namespace hopblame
