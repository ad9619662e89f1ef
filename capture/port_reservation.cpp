#include "capture/port_reservation.hpp"

#include <array>
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

/// One port for both transports; EADDRINUSE when UDP has given it to somebody.
std::variant<std::array<BoundSocket, 2>, SystemError> bind_pair(const Outlet& outlet) {
  auto tcp = bind_tcp(outlet);
  if (const auto* error = std::get_if<SystemError>(&tcp)) return *error;
  auto& stream = std::get<BoundSocket>(tcp);
  auto udp = bind_socket(SOCK_DGRAM, outlet, stream.local.port);
  if (const auto* error = std::get_if<SystemError>(&udp)) return *error;
  return std::array{std::move(stream), std::move(std::get<BoundSocket>(udp))};
}

}  // namespace

std::variant<BoundSocket, SystemError> bind_tcp(const Outlet& outlet) {
  return bind_socket(SOCK_STREAM, outlet, 0);
}

std::variant<PortReservation, SystemError> PortReservation::reserve(const Outlet& outlet,
                                                                    std::size_t count) {
  PortReservation made;
  for (std::size_t attempts = 8 * count; made.ports_.size() < count; --attempts) {
    if (attempts == 0) return SystemError{EADDRINUSE, "reserve enough free ports"};
    auto pair = bind_pair(outlet);
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
