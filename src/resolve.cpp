#include "src/resolve.hpp"

#include <net/if.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstring>
#include <memory>

#include "capture/system.hpp"
#include "src/cli/as_connected.hpp"

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

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// While one lives this thread reads text as UTF-8: what terminals send, whatever the locale says.
class Utf8 {
 public:
  Utf8() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = uselocale(utf8_);
  }
  ~Utf8() {
    if (utf8_ == nullptr) return;
    uselocale(before_);
    freelocale(utf8_);
  }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

 private:
  locale_t utf8_, before_ = nullptr;
};

addrinfo hints_for(std::optional<Family> family) {
  addrinfo hints{};
  hints.ai_flags = AI_IDN;
  hints.ai_family = family ? af_of(*family) : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  return hints;
}

}  // namespace

std::variant<Resolved, ResolveError> resolve(const std::string& host,
                                             std::optional<Family> family) {
  const auto hints = hints_for(family);
  addrinfo* list = nullptr;
  const Utf8 typed;
  const int status = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (status == EAI_IDN_ENCODE && !is_ascii(host))
    return ResolveError{
        "its letters cannot be written in ASCII, as names in the DNS are (that takes UTF-8 and the "
        "library libidn2): give it as xn--..."};
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
