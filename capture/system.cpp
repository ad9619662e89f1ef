#include "capture/system.hpp"

#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hopblame {

std::string error_text(int error) {
  const char* text = strerrordesc_np(error);  // glibc: never translated
  return text == nullptr ? "error " + std::to_string(error) : text;
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

Descriptor::~Descriptor() { close(); }

void Descriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

SocketAddress::SocketAddress(const Endpoint& endpoint, const std::string& zone) {
  if (endpoint.address.family == Family::ipv4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::copy_n(endpoint.address.bytes.begin(), 4,
                reinterpret_cast<std::uint8_t*>(&in.sin_addr.s_addr));
    std::memcpy(&storage, &in, length = sizeof in);
    return;
  }
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(endpoint.port);
  std::copy(endpoint.address.bytes.begin(), endpoint.address.bytes.end(), in6.sin6_addr.s6_addr);
  if (endpoint.address.is_link_local()) in6.sin6_scope_id = if_nametoindex(zone.c_str());
  std::memcpy(&storage, &in6, length = sizeof in6);
}

Endpoint endpoint_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof in);
    return {IpAddress::v4(ntohl(in.sin_addr.s_addr)), ntohs(in.sin_port)};
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address, sizeof in6);
    return {IpAddress::v6(std::span<const std::uint8_t, 16>(in6.sin6_addr.s6_addr, 16)),
            ntohs(in6.sin6_port)};
  }
  return {};
}

int bind_to_interface(int fd, const std::string& interface) {
  if (interface.empty()) return 0;
  const auto size = static_cast<socklen_t>(interface.size() + 1);
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), size) == 0 ? 0 : errno;
}

}  // namespace hopblame
