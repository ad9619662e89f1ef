#pragma once
// Source ports that no real connection can get while we probe: bound for TCP and UDP, never
// listening. The kernel answers a SYN/ACK to them with its own RST, so nothing stays half open.
// Some are odd and some even: paths that divide may look at that bit alone.

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "capture/system.hpp"

namespace hopblame {

/// Non-blocking, bound and not yet connected.
struct BoundSocket {
  Descriptor fd;
  Endpoint local;  ///< port 0: connect() chooses one
  [[nodiscard]] Endpoint chosen() const;
};
/// TCP, on a port such as the kernel gives to a connect(), where its range is not used up. What
/// bind(2) refuses is an error.
[[nodiscard]] std::variant<BoundSocket, SystemError> bind_tcp(const Outlet& outlet);
/// TCP, the address only: connect() then finds a port as it does for any program.
[[nodiscard]] std::variant<BoundSocket, SystemError> bind_address(const Outlet& outlet);

class PortReservation {
 public:
  /// `count` ports of the source address of `outlet`, at least one; fewer where no more are free.
  /// EADDRINUSE: hardly any is.
  [[nodiscard]] static std::variant<PortReservation, SystemError> reserve(const Outlet& outlet,
                                                                          std::size_t count);

  [[nodiscard]] std::span<const std::uint16_t> ports() const { return ports_; }
  /// The range that Linux takes ports from for programs was used up: these are of beyond it.
  [[nodiscard]] bool is_beyond_range() const { return beyond_range_; }
  /// A port not given before; when all are given it starts over (probes still differ in sequence).
  [[nodiscard]] std::uint16_t take() { return ports_[given_++ % ports_.size()]; }

 private:
  [[nodiscard]] static std::variant<PortReservation, SystemError> as_many_as_there_are(
      PortReservation made);

  std::vector<Descriptor> held_;
  std::vector<std::uint16_t> ports_;
  std::size_t given_ = 0;
  bool beyond_range_ = false;
};

}  // namespace hopblame
