#include "capture/raw_sender.hpp"

#include <cerrno>

#include "capture/craft.hpp"
#include "capture/error_queue.hpp"

namespace hopblame {
namespace {

int bind_to_address(int fd, const Outlet& outlet) {
  const SocketAddress address({outlet.source, 0}, outlet.zone);
  return bind(fd, address.get(), address.length) == 0 ? 0 : errno;
}

}  // namespace

std::variant<std::unique_ptr<RawSender>, SystemError> RawSender::open(const Outlet& outlet,
                                                                      const RunClock& clock) {
  const auto family = outlet.source.family;
  Descriptor fd(socket(af_of(family), SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW));
  if (!fd.valid()) return SystemError{errno, "open the raw socket"};
  // Without it a raw socket reports success for a packet its own queue dropped (net/ipv4/raw.c:
  // ENOBUFS only when recverr is set).
  if (const int error = ask_for_icmp(fd.get(), family))
    return SystemError{error, "ask the raw socket for errors"};
  if (const int error = bind_to_interface(fd.get(), outlet.device))
    return SystemError{error, "bind to the interface " + outlet.device};
  if (const int error = bind_to_address(fd.get(), outlet))
    return SystemError{error, "send from " + to_string(outlet.source)};
  return std::unique_ptr<RawSender>(new RawSender(std::move(fd), outlet.zone, clock));
}

SendRecord RawSender::send(const ProbeSpec& spec) {
  const auto bytes = craft(spec);
  // Port 0: for IPv6 a raw socket takes the field as a protocol number (raw(7)).
  const SocketAddress to({spec.flow.destination.address, 0}, zone_);
  SendRecord record{spec, clock_.now(), 0};
  ssize_t taken = -1;
  do {
    taken = sendto(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL, to.get(), to.length);
  } while (taken < 0 && errno == EINTR);
  if (taken < 0) record.error = errno;
  return record;
}

}  // namespace hopblame
