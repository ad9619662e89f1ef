#include "capture/port_reservation.hpp"

#include <array>
#include <bit>
#include <cerrno>

namespace hopblame {
namespace {

std::variant<BoundSocket, SystemError> bind_socket(int type, const Outlet& outlet,
                                                   std::uint16_t port) {
  BoundSocket made;
  made.fd = Descriptor(socket(af_of(outlet.source.family), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made.fd.valid()) return SystemError{errno, "open a socket"};
  if (const int error = bind_to_interface(made.fd.get(), outlet.device))
    return SystemError{error, "bind to the interface " + outlet.device};
  const SocketAddress wanted({outlet.source, port}, outlet.zone);
  sockaddr_storage got{};
  auto* const address = reinterpret_cast<sockaddr*>(&got);
  socklen_t size = sizeof got;
  if (bind(made.fd.get(), wanted.get(), wanted.length) != 0 ||
      getsockname(made.fd.get(), address, &size) != 0)
    return SystemError{errno, "reserve a port of " + to_string(outlet.source)};
  made.local = endpoint_of(address);
  return made;
}

/// Linux leaves half of its range to each: bind() gives ports that are odd, connect() even ones,
/// and the one below is of the range as well. What shares flows out by their ports looks at that
/// bit.
enum class Half { of_bind, of_connect };
std::variant<BoundSocket, SystemError> bind_stream(const Outlet& outlet, Half half) {
  auto given = bind_socket(SOCK_STREAM, outlet, 0);
  const auto* bound = std::get_if<BoundSocket>(&given);
  if (half == Half::of_bind || bound == nullptr) return given;
  auto below = bind_socket(SOCK_STREAM, outlet, static_cast<std::uint16_t>(bound->local.port - 1));
  return std::holds_alternative<BoundSocket>(below) ? std::move(below) : std::move(given);
}

/// Of both halves, in an order (Thue-Morse) that no regular use of every second port follows.
Half half_of(std::size_t place) {
  return std::popcount(place) % 2 == 0 ? Half::of_bind : Half::of_connect;
}

/// One port for both transports; EADDRINUSE when UDP has given it to somebody.
std::variant<std::array<BoundSocket, 2>, SystemError> bind_pair(const Outlet& outlet, Half half) {
  auto tcp = bind_stream(outlet, half);
  if (const auto* error = std::get_if<SystemError>(&tcp)) return *error;
  auto& stream = std::get<BoundSocket>(tcp);
  auto udp = bind_socket(SOCK_DGRAM, outlet, stream.local.port);
  if (const auto* error = std::get_if<SystemError>(&udp)) return *error;
  return std::array{std::move(stream), std::move(std::get<BoundSocket>(udp))};
}

}  // namespace

std::variant<BoundSocket, SystemError> bind_tcp(const Outlet& outlet) {
  return bind_stream(outlet, Half::of_connect);
}

/// With fewer flows than wanted; one port is left to the connect() of the application.
std::variant<PortReservation, SystemError> PortReservation::as_many_as_there_are(
    PortReservation made) {
  constexpr std::size_t fewest = 3;
  if (made.ports_.size() <= fewest)
    return SystemError{
        EADDRINUSE,
        "find free source ports (programs that connect() fail likewise, with EADDRNOTAVAIL: "
        "`ss -s` counts the sockets that have them, `sysctl net.ipv4.ip_local_port_range` says "
        "which there are)"};
  made.ports_.pop_back();
  made.held_.resize(made.held_.size() - 2);
  return made;
}

std::variant<PortReservation, SystemError> PortReservation::reserve(const Outlet& outlet,
                                                                    std::size_t count) {
  PortReservation made;
  for (std::size_t attempts = 8 * count; made.ports_.size() < count; --attempts) {
    if (attempts == 0) return as_many_as_there_are(std::move(made));
    auto pair = bind_pair(outlet, half_of(made.ports_.size()));
    if (const auto* error = std::get_if<SystemError>(&pair)) {
      if (error->error == EADDRINUSE) continue;
      return *error;
    }
    auto& bound = std::get<0>(pair);
    made.ports_.push_back(bound[0].local.port);
    for (auto& socket : bound) made.held_.push_back(std::move(socket.fd));
  }
  return made;
}

}  // namespace hopblame
