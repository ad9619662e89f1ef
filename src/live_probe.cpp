#include "src/live_probe.hpp"

#include <poll.h>
#include <set>

#include <cerrno>
#include <random>

#include "capture/privilege.hpp"
#include "capture/system.hpp"
#include "src/instruments.hpp"
#include "src/other_addresses.hpp"
#include "src/progress.hpp"
#include "src/reverse_names.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

constexpr Duration names_budget = 1s, others_budget = 1s;
constexpr std::size_t most_others = 8;

std::optional<SystemError> give_up_privileges(const LiveRequest& request) {
  if (!request.writes_to.empty())
    if (auto error = become_owner_of(request.writes_to)) return error;
  return drop_privileges();
}

/// Asked anew: the address or the route that probes left by is not what it was. A question that
/// cannot be asked says so only where it is about what is gone.
bool has_changed(const LiveRequest& request) {
  const auto now = find_route(request.asked);
  if (const auto* error = std::get_if<SystemError>(&now))
    return error->error == EADDRNOTAVAIL || error->error == ENODEV;
  const auto &vantage = std::get<Vantage>(now), &before = request.vantage;
  return vantage.local != before.local || vantage.interface != before.interface ||
         vantage.route_error != before.route_error;
}

std::optional<ConnectRecord> call_without_wire(const LiveRequest& request, const RunClock& clock) {
  auto socket = bind_address(request.outlet);
  if (const auto* error = std::get_if<SystemError>(&socket)) {
    complain("no connect() was made: cannot " + error->doing + ": " + error_text(error->error));
    return {};
  }
  RealConnect application(std::get<BoundSocket>(std::move(socket)), request.goal.target,
                          request.outlet.zone, nullptr, clock);
  application.call();
  return application.record();
}

/// No route, or an interface that is down: nothing can be sent or seen, but an application's
/// connect() still has an answer.
Recorded run_without_wire(const LiveRequest& request) {
  const RunClock clock(read_clocks());
  Recorded recorded;
  auto& run = recorded.run;
  run.goal = request.goal;
  run.facts.vantage = request.vantage;
  run.started = run.facts.started = clock.now();
  if (request.goal.handshake) run.connect = call_without_wire(request, clock);
  run.ended = run.facts.horizon = clock.now();
  return recorded;
}

/// `answered` gets the addresses that sent something. Their names are asked for after the run: a
/// query that the first router cannot deliver would spend the ICMP answers it has for us (seen in
/// the lab).
Recorded run_on_wire(const LiveRequest& request, Instruments& with, std::set<IpAddress>& answered) {
  std::random_device random;
  ProbeFactory factory(
      request.goal, request.vantage.local, [&] { return with.ports->take(); },
      [&] { return random(); });
  Progress progress(request.goal.target);
  SessionParts parts{*with.source, *with.sender, factory, with.application.get()};
  parts.stop = [] { return stop_signal() != 0; };
  parts.seen = [&](const Observation& observation) {
    progress.saw(observation);
    const bool answer = observation.flow.destination.address == request.vantage.local;
    if (answer) answered.insert(observation.flow.source.address);
  };
  if (signal_fd() >= 0) with.source->watch(signal_fd(), POLLIN);
  return LiveSession(request.goal, parts).run();
}

void add_other_addresses(Run& run, const LiveRequest& request) {
  const bool open = run.connect && run.connect->ended && run.connect->error == 0;
  if (open || !request.goal.handshake || stop_signal() != 0) return;
  const std::span all(request.other_addresses);
  run.others = try_addresses(all.first(std::min(all.size(), most_others)), request.goal.target.port,
                             request.outlet.device, others_budget, signal_fd());
}

}  // namespace

std::variant<Recorded, SystemError> probe_live(const LiveRequest& request) {
  std::unique_ptr<Instruments> instruments;
  auto vantage = request.vantage;
  if (vantage.route_error == 0) {
    auto opened = open_instruments(request.goal, vantage, request.outlet);
    if (const auto* error = std::get_if<SystemError>(&opened)) {
      if (error->error != ENETDOWN) return *error;
      vantage.interface_up = false;
    } else {
      instruments = std::get<0>(std::move(opened));
      if (instruments->ports->is_beyond_range())
        complain(
            "the ports of `sysctl net.ipv4.ip_local_port_range` are used up, probes leave from "
            "others: a program's connect() to this address and port may fail with "
            "EADDRNOTAVAIL (`ss -tan` shows what has them)");
    }
  }
  if (auto error = give_up_privileges(request)) return *error;
  stop_when_asked();
  std::set<IpAddress> answered;
  auto recorded = instruments
                      ? run_on_wire(request, *instruments, answered)
                      : run_without_wire({request.goal, {}, vantage, request.outlet, {}, {}});
  if (instruments && has_changed(request)) recorded.run.facts.interface_lost = true;
  add_other_addresses(recorded.run, request);
  if (request.goal.numeric) return recorded;
  ReverseNames names;
  for (const auto& address : answered) names.ask(address);
  recorded.run.names = names.collect(names_budget, [] { return stop_signal() != 0; });
  return recorded;
}

}  // namespace hopblame
