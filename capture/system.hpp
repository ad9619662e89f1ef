#pragma once
// What every talk with the kernel needs: a file descriptor that closes itself, an error that says
// what was tried, and addresses as the socket calls want them.

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <string_view>
#include <utility>

#include "analysis/model/flow.hpp"

namespace hopblame {

/// "No such file or directory": strerror() without its locale.
[[nodiscard]] std::string error_text(int error);

struct SystemError {
  int error = 0;          ///< errno
  std::string doing;      ///< what failed, for "cannot ...": "open the raw socket"
  std::string next = {};  ///< why, and what to do about it, where that is known
};

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

/// Where packets leave this host.
struct Outlet {
  IpAddress source;
  std::string device;  ///< bind to this interface; empty: the routing table decides
  std::string zone;    ///< the interface a link-local IPv6 address means; else unused
};

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  /// `zone` is looked at for link-local IPv6 addresses only.
  SocketAddress(const Endpoint& endpoint, const std::string& zone);
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// The address in a sockaddr_in or sockaddr_in6; unspecified for any other family.
[[nodiscard]] Endpoint endpoint_of(const sockaddr* address);
[[nodiscard]] inline int af_of(Family family) {
  return family == Family::ipv4 ? AF_INET : AF_INET6;
}

/// All of it, however often that is interrupted. Returns an errno: EPIPE, ENOSPC, ...
[[nodiscard]] int write_all(int fd, std::string_view bytes);

/// SO_BINDTODEVICE; nothing to do for an empty name. Returns an errno.
[[nodiscard]] int bind_to_interface(int fd, const std::string& interface);

}  // namespace hopblame
