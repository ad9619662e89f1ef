#include "src/unprivileged.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "analysis/model/services.hpp"
#include "capture/error_queue.hpp"
#include "capture/privilege.hpp"
#include "capture/syns_told.hpp"
#include "src/other_addresses.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// The kernel sends its SYN after 0, 1 and 3 seconds: silence after all three, with a second to
/// spare.
constexpr Duration usual_patience = 4s;
/// For the control port beyond what connect() to the other took, and for what answers our words.
constexpr Duration control_patience = 1s, answer_patience = 3s;
constexpr Duration glance = 20ms;

/// What a service nobody expects a greeting from says or does at once, it has done by then.
constexpr Duration first_act = 300ms;

/// What a server that greeted in SSH owes us: its own KEXINIT.
std::optional<TimePoint> ssh_due(const ConnectRecord& record) {
  const auto& ssh = record.ssh;
  if (!ssh || !ssh->identified) return {};
  const auto round_trip = *record.ended - record.at;
  return ssh->answered.value_or(std::max(*ssh->identified, ssh->said.value_or(*ssh->identified)) +
                                answer_patience + 2 * round_trip);
}

bool is_greeted(const ConnectRecord& record, const KnownService* service) {
  return service && !service->greeting.empty() && record.greeting.starts_with(service->greeting);
}

void wait_a_little() {
  pollfd wake{signal_fd(), POLLIN, 0};
  poll(&wake, 1, static_cast<int>(milliseconds(glance)));
}

/// The connect() of an application, until it has ended and the service has spoken or had its time.
std::optional<SynsTold> live_through(RealConnect& application, int fd, const LiveRequest& request,
                                     const RunClock& clock) {
  const auto patience = request.goal.patience.value_or(usual_patience);
  std::optional<SynsTold> told;
  application.call();
  for (;;) {
    application.attend();
    if (!told && application.record()->ended) told = told_of_syns(fd);
    const auto until = worth_waiting(*application.record(), request.goal.target.port, patience);
    if (clock.now() >= until || stop_signal() != 0) return told;
    wait_a_little();
  }
}

/// An answer from the same machine takes about as long.
void ask_control_port(ConnectOnly& only, const LiveRequest& request, const ConnectRecord& connect) {
  const auto& goal = request.goal;
  only.control_asked = stop_signal() == 0;
  if (!only.control_asked) return;
  const auto took = connect.ended ? *connect.ended - connect.at : Duration{};
  only.control_waited = control_patience + took;
  const auto answers = try_addresses({&goal.target.address, 1}, goal.control_port,
                                     request.outlet.device, *only.control_waited, signal_fd());
  only.control_error = answers.front().error;
}

}  // namespace

SystemError no_port_left(const Endpoint& target) {
  const auto address = to_string(target.address);
  return {
      EADDRNOTAVAIL, "connect() to port " + std::to_string(target.port) + " of " + address,
      "no local port is free for it: connections to that address and port have all that `sysctl "
      "net.ipv4.ip_local_port_range` allows, those that have just ended (TIME-WAIT) included. "
      "It is no fault of the network or the server, and every program here fails so. `ss -tanp "
      "dst " +
          address +
          "` shows them: end some or wait a minute, then try again; `hopblame "
          "explain EADDRNOTAVAIL` tells more"};
}

/// What the peer does upon our ACK shows here a round trip after its SYN/ACK.
TimePoint worth_waiting(const ConnectRecord& record, std::uint16_t port, Duration patience) {
  if (!record.ended) return record.at + patience;
  if (record.error != 0) return *record.ended;
  if (record.closed) return *record.closed;
  const auto* service = known_service(port);
  const auto act = first_act + (*record.ended - record.at);
  if (const auto due = ssh_due(record)) return *due;
  if (record.spoke) return is_greeted(record, service) ? *record.spoke : *record.spoke + act;
  const bool speaks_first = service && service->speaks_first;
  return *record.ended + (speaks_first ? std::chrono::seconds(greeting_seconds) : act);
}

std::variant<Recorded, SystemError> probe_unprivileged(const LiveRequest& request) {
  const RunClock clock(read_clocks());
  Recorded recorded;
  auto& run = recorded.run;
  run.goal = request.goal;
  run.facts.vantage = request.vantage;
  run.started = run.facts.started = clock.now();
  auto bound = bind_address(request.outlet);
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
    only.syns = live_through(application, fd, request, clock);
    run.connect = application.record();
    if (run.connect->error == EADDRNOTAVAIL) return no_port_left(request.goal.target);
    // What came after the handshake did not end connect().
    if (run.connect->error != 0) only.icmp = queued_icmp(fd);
  }
  if (request.vantage.route_error == 0) ask_control_port(only, request, *run.connect);
  run.facts.interrupted = stop_signal() != 0;
  run.ended = run.facts.horizon = clock.now();
  return recorded;
}

}  // namespace hopblame
