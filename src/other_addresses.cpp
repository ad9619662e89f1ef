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

/// An errno, 0 when connected at once, nothing while it is under way.
std::optional<int> begin(int fd, const Endpoint& address, const std::string& device) {
  if (fd < 0) return errno;
  const SocketAddress to(address, device);
  if (const int error = bind_to_interface(fd, device)) return error;
  if (connect(fd, to.get(), to.length) == 0) return 0;
  return errno == EINPROGRESS ? std::nullopt : std::optional(errno);
}

Attempt start(const IpAddress& address, std::uint16_t port, const std::string& device) {
  Attempt attempt{
      Descriptor(socket(af_of(address.family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      {address, {}}};
  attempt.result.error = begin(attempt.fd.get(), {address, port}, device);
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
  attempts.reserve(addresses.size());
  for (const auto& address : addresses) attempts.push_back(start(address, port, device));
  const auto until = read_clocks().monotonic + patience;
  while (wait_once(attempts, until - read_clocks().monotonic, wake_fd)) continue;
  std::vector<OtherAddress> results;
  results.reserve(attempts.size());
  for (auto& attempt : attempts) results.push_back(attempt.result);
  return results;
}

}  // namespace hopblame
