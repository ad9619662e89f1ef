#include "src/other_addresses.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "capture/run_clock.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

struct Attempt {
  Descriptor fd;
  OtherAddress result;
};

Attempt start(const IpAddress& address, std::uint16_t port, const std::string& device) {
  Attempt attempt{
      Descriptor(socket(af_of(address.family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      {address, {}}};
  const SocketAddress to({address, port}, device);
  if (!attempt.fd.valid()) {
    attempt.result.error = errno;
  } else if (const int error = bind_to_interface(attempt.fd.get(), device)) {
    attempt.result.error = error;
  } else if (connect(attempt.fd.get(), to.get(), to.length) == 0) {
    attempt.result.error = 0;
  } else if (errno != EINPROGRESS) {
    attempt.result.error = errno;
  }
  return attempt;
}

int error_of(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Waits once for any of those still under way; false when there is nothing to wait for.
bool wait_once(std::vector<Attempt>& attempts, Duration left, int wake_fd) {
  std::vector<pollfd> waiting{{wake_fd, POLLIN, 0}};
  for (const auto& attempt : attempts)
    waiting.push_back({attempt.result.error ? -1 : attempt.fd.get(), POLLOUT, 0});
  const bool any = std::ranges::any_of(attempts, [](const Attempt& a) { return !a.result.error; });
  const auto limit = static_cast<int>(std::max(0.0, milliseconds(left)));
  if (!any || limit == 0) return false;
  if (const int ready = poll(waiting.data(), waiting.size(), limit); ready <= 0)
    return ready < 0 && errno == EINTR;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    if (waiting[i + 1].revents != 0) attempts[i].result.error = error_of(attempts[i].fd.get());
  return waiting[0].revents == 0;
}

}  // namespace

std::vector<OtherAddress> try_addresses(std::span<const IpAddress> addresses, std::uint16_t port,
                                        const std::string& device, Duration patience, int wake_fd) {
  std::vector<Attempt> attempts;
  for (const auto& address : addresses) attempts.push_back(start(address, port, device));
  const auto until = read_clocks().monotonic + patience;
  while (wait_once(attempts, until - read_clocks().monotonic, wake_fd)) continue;
  std::vector<OtherAddress> results;
  for (auto& attempt : attempts) results.push_back(attempt.result);
  return results;
}

}  // namespace hopblame
