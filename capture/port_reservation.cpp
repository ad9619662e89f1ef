#include "capture/port_reservation.hpp"

#include <netinet/in.h>

#include <array>
#include <bit>
#include <cerrno>
#include <random>

namespace hopblame {
namespace {

constexpr unsigned first_free_port = 1024, last_port = 65535;

using Made = std::variant<BoundSocket, SystemError>;

Endpoint local_of(int fd) {
  sockaddr_storage got{};
  auto* const address = reinterpret_cast<sockaddr*>(&got);
  socklen_t size = sizeof got;
  return getsockname(fd, address, &size) == 0 ? endpoint_of(address) : Endpoint{};
}

Made open_socket(int type, const Outlet& outlet) {
  BoundSocket made;
  made.fd = Descriptor(socket(af_of(outlet.source.family), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made.fd.valid()) return SystemError{errno, "open a socket"};
  if (const int error = bind_to_interface(made.fd.get(), outlet.device))
    return SystemError{error, "bind to the interface " + outlet.device};
  return made;
}

Made bind_socket(int type, const Outlet& outlet, std::uint16_t port) {
  auto opened = open_socket(type, outlet);
  auto* made = std::get_if<BoundSocket>(&opened);
  if (made == nullptr) return opened;
  const SocketAddress wanted({outlet.source, port}, outlet.zone);
  if (bind(made->fd.get(), wanted.get(), wanted.length) != 0)
    return SystemError{errno, "reserve a port of " + to_string(outlet.source)};
  made->local = local_of(made->fd.get());
  return opened;
}

/// Linux leaves half of its range to each: bind() gives ports that are odd, connect() even ones,
/// and the one below is of the range as well. What shares flows out by their ports looks at that
/// bit.
enum class Half { of_bind, of_connect };
Made bind_in_range(const Outlet& outlet, Half half) {
  auto given = bind_socket(SOCK_STREAM, outlet, 0);
  const auto* bound = std::get_if<BoundSocket>(&given);
  if (half == Half::of_bind || bound == nullptr) return given;
  auto below = bind_socket(SOCK_STREAM, outlet, static_cast<std::uint16_t>(bound->local.port - 1));
  return std::holds_alternative<BoundSocket>(below) ? std::move(below) : std::move(given);
}

bool is_used_up(const Made& made) {
  const auto* error = std::get_if<SystemError>(&made);
  return error && error->error == EADDRINUSE;
}

/// Any port that needs no permission. Many connections to one address use the range up for bind(),
/// which does not know where to, while connect() to another address still gets one.
Made bind_anywhere(const Outlet& outlet, Half half) {
  std::random_device random;
  std::uniform_int_distribution<unsigned> ports(first_free_port / 2, last_port / 2);
  Made made = SystemError{EADDRINUSE, ""};
  for (int attempts = 64; attempts > 0 && is_used_up(made); --attempts) {
    const auto port = 2 * ports(random) + (half == Half::of_bind ? 1 : 0);
    made = bind_socket(SOCK_STREAM, outlet, static_cast<std::uint16_t>(port));
  }
  return made;
}

Made bind_stream(const Outlet& outlet, Half half, bool& beyond) {
  auto made = beyond ? SystemError{EADDRINUSE, ""} : bind_in_range(outlet, half);
  if (!is_used_up(made)) return made;
  beyond = true;
  return bind_anywhere(outlet, half);
}

/// Of both halves, in an order (Thue-Morse) that no regular use of every second port follows.
Half half_of(std::size_t place) {
  return std::popcount(place) % 2 == 0 ? Half::of_bind : Half::of_connect;
}

/// One port for both transports; EADDRINUSE when UDP has given it to somebody.
std::variant<std::array<BoundSocket, 2>, SystemError> bind_pair(const Outlet& outlet, Half half,
                                                                bool& beyond) {
  auto tcp = bind_stream(outlet, half, beyond);
  if (const auto* error = std::get_if<SystemError>(&tcp)) return *error;
  auto& stream = std::get<BoundSocket>(tcp);
  auto udp = bind_socket(SOCK_DGRAM, outlet, stream.local.port);
  if (const auto* error = std::get_if<SystemError>(&udp)) return *error;
  return std::array{std::move(stream), std::move(std::get<BoundSocket>(udp))};
}

}  // namespace

Endpoint BoundSocket::chosen() const { return local.port == 0 ? local_of(fd.get()) : local; }

Made bind_tcp(const Outlet& outlet) {
  bool beyond = false;
  return bind_stream(outlet, Half::of_connect, beyond);
}

Made bind_address(const Outlet& outlet) {
  auto opened = open_socket(SOCK_STREAM, outlet);
  auto* made = std::get_if<BoundSocket>(&opened);
  if (made == nullptr) return opened;
  const int later = 1;
  setsockopt(made->fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
  const SocketAddress wanted({outlet.source, 0}, outlet.zone);
  if (bind(made->fd.get(), wanted.get(), wanted.length) != 0)
    return SystemError{errno, "send from " + to_string(outlet.source)};
  made->local = local_of(made->fd.get());
  return opened;
}

/// With fewer flows than wanted; one port is left to the connect() of the application.
std::variant<PortReservation, SystemError> PortReservation::as_many_as_there_are(
    PortReservation made) {
  constexpr std::size_t fewest = 3;
  if (made.ports_.size() <= fewest)
    return SystemError{EADDRINUSE, "find free local ports to probe from",
                       "nearly all of this machine have a socket. Nothing was sent. `ss -tuanp` "
                       "shows which programs have them: end what is not needed, then try again; "
                       "`--unprivileged` needs one port only"};
  made.ports_.pop_back();
  made.held_.resize(made.held_.size() - 2);
  return made;
}

std::variant<PortReservation, SystemError> PortReservation::reserve(const Outlet& outlet,
                                                                    std::size_t count) {
  PortReservation made;
  for (std::size_t attempts = 8 * count; made.ports_.size() < count; --attempts) {
    if (attempts == 0) return as_many_as_there_are(std::move(made));
    auto pair = bind_pair(outlet, half_of(made.ports_.size()), made.beyond_range_);
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
