#include "src/unprivileged.hpp"

#include <poll.h>

#include "analysis/model/services.hpp"
#include "capture/error_queue.hpp"
#include "capture/privilege.hpp"
#include "src/other_addresses.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// The kernel sends its SYN after 0, 1 and 3 seconds: silence after all three, with a second to
/// spare.
constexpr Duration usual_patience = 4s, control_patience = 1s;
constexpr Duration glance = 20ms;

/// Nothing more can come that matters.
bool is_over(const ConnectRecord& record, bool speaks_first) {
  if (!record.ended) return false;
  return record.error != 0 || record.closed || record.spoke || !speaks_first;
}

void wait_a_little() {
  pollfd wake{signal_fd(), POLLIN, 0};
  poll(&wake, 1, static_cast<int>(milliseconds(glance)));
}

/// The connect() of an application, until it has ended and the service has spoken or had its time.
void live_through(RealConnect& application, const LiveRequest& request, const RunClock& clock) {
  const auto service = known_service(request.goal.target.port);
  const bool speaks_first = service && service->speaks_first;
  const auto patience = request.goal.patience.value_or(usual_patience);
  application.call();
  for (;;) {
    application.attend();
    const auto& record = *application.record();
    const auto until = record.ended ? *record.ended + std::chrono::seconds(greeting_seconds)
                                    : record.at + patience;
    if (is_over(record, speaks_first) || clock.now() >= until || stop_signal() != 0) return;
    wait_a_little();
  }
}

void ask_control_port(ConnectOnly& only, const LiveRequest& request) {
  const auto& goal = request.goal;
  only.control_asked = stop_signal() == 0;
  if (!only.control_asked) return;
  const auto answers = try_addresses({&goal.target.address, 1}, goal.control_port,
                                     request.outlet.device, control_patience, signal_fd());
  only.control_error = answers.front().error;
}

}  // namespace

std::variant<Recorded, SystemError> probe_unprivileged(const LiveRequest& request) {
  const RunClock clock(read_clocks());
  Recorded recorded;
  auto& run = recorded.run;
  run.goal = request.goal;
  run.facts.vantage = request.vantage;
  run.started = run.facts.started = clock.now();
  auto bound = bind_tcp(request.outlet);
  if (const auto* error = std::get_if<SystemError>(&bound)) return *error;
  auto& socket = std::get<BoundSocket>(bound);
  const int fd = socket.fd.get();
  if (const int error = ask_for_icmp(fd, request.goal.target.address.family))
    return SystemError{error, "ask the socket for errors"};
  if (auto error = drop_privileges()) return *error;
  stop_when_asked();
  auto& only = run.connect_only.emplace();
  {
    RealConnect application(std::move(socket), request.goal.target, request.outlet.zone, nullptr,
                            clock);
    live_through(application, request, clock);
    run.connect = application.record();
    // What came after the handshake did not end connect().
    if (run.connect->error != 0) only.icmp = queued_icmp(fd);
  }
  if (request.vantage.route_error == 0) ask_control_port(only, request);
  run.facts.interrupted = stop_signal() != 0;
  run.ended = run.facts.horizon = clock.now();
  return recorded;
}

}  // namespace hopblame
