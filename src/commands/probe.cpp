#include <algorithm>
#include <cerrno>
#include <random>

#include "analysis/analyse.hpp"
#include "capture/privilege.hpp"
#include "capture/route.hpp"
#include "capture/system.hpp"
#include "src/commands/commands.hpp"
#include "src/dry_run.hpp"
#include "src/live_probe.hpp"
#include "src/present.hpp"
#include "src/redact.hpp"
#include "src/resolve.hpp"
#include "src/run_file.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"
#include "src/unprivileged.hpp"

namespace hopblame {
namespace {

/// Above the ports Linux gives to clients, where hardly anything listens.
std::uint16_t closed_looking_port(std::uint16_t target) {
  std::random_device random;
  const auto port = std::uniform_int_distribution<std::uint16_t>(61000, 64999)(random);
  return port == target ? static_cast<std::uint16_t>(port + 1) : port;
}

Goal goal_of(const ProbeOptions& options, const IpAddress& target) {
  Goal goal;
  goal.host = options.host;
  goal.target = {target, options.port};
  goal.control_port = options.control_port.value_or(closed_looking_port(options.port));
  goal.max_hops = options.max_hops;
  goal.tries = options.tries;
  goal.patience = options.patience;
  goal.rate = options.rate;
  goal.handshake = options.handshake;
  goal.numeric = options.numeric;
  return goal;
}

int report_error(const SystemError& error) {
  const bool permission = error.error == EPERM || error.error == EACCES;
  complain("cannot " + error.doing + ": " + error_text(error.error) +
           (permission ? "; " + how_to_grant(privilege_bounds()) +
                             "; or add --unprivileged, which tells less"
                       : "") +
           (error.next.empty() ? "" : "; " + error.next));
  return permission ? exit_code_of::no_permission : exit_code_of::environment;
}

int print_dry_run(const Goal& goal, const Vantage& vantage, Format format) {
  if (vantage.route_error != 0) {
    complain("nothing would be sent: " + error_text(vantage.route_error));
    return exit_code_of::environment;
  }
  return print(dry_run(goal, vantage, format));
}

int report(Recorded recorded, const OutputOptions& output,
           const std::optional<Scrambler>& scrambler) {
  if (scrambler) redact(recorded, *scrambler);
  const auto analysis = analyse(recorded.run);
  Result result{recorded.run, analysis, "probe",
                [&](const Annotations& with) { return save_run(recorded, with); }};
  const int code = present(result, output);
  return stop_signal() == 0 ? code : 128 + stop_signal();
}

int probe(const ProbeOptions& options, const Resolved& resolved,
          const std::optional<Scrambler>& scrambler) {
  const auto& target = resolved.addresses.front();
  const auto zone = options.interface.empty() ? resolved.zone : options.interface;
  const RouteQuestion question{target, options.source, zone};
  const auto found = find_route(question);
  if (const auto* error = std::get_if<SystemError>(&found)) {
    complain("cannot " + error->doing + ": " + error_text(error->error));
    return exit_code_of::environment;
  }
  LiveRequest request;
  request.goal = goal_of(options, target);
  request.asked = question;
  request.vantage = std::get<Vantage>(found);
  if (options.dry_run) {
    if (scrambler) redact(request.goal, request.vantage, *scrambler);
    return print_dry_run(request.goal, request.vantage, options.output.format);
  }
  request.outlet = {request.vantage.local, options.interface,
                    zone.empty() ? request.vantage.interface : zone};
  request.other_addresses.assign(resolved.addresses.begin() + 1, resolved.addresses.end());
  request.writes_to = options.output.save.value_or("");
  auto probed = options.unprivileged ? probe_unprivileged(request) : probe_live(request);
  if (const auto* error = std::get_if<SystemError>(&probed)) return report_error(*error);
  return report(std::get<Recorded>(std::move(probed)), options.output, scrambler);
}

}  // namespace

namespace {

/// A name with several addresses gives them in turns: `watch` is to ask the same machine again.
void prefer(std::vector<IpAddress>& addresses, const std::optional<IpAddress>& rather) {
  std::stable_partition(addresses.begin(), addresses.end(),
                        [&](const auto& one) { return one == rather; });
}

}  // namespace

int run_probe(const ProbeOptions& options, const std::optional<Scrambler>& scrambler) {
  if (!options.dry_run && !room_for_ticket(options.output)) return exit_code_of::environment;
  const auto family = options.source ? options.source->family : options.family;
  auto resolved = resolve(options.host, family);
  if (const auto* error = std::get_if<ResolveError>(&resolved)) {
    complain("cannot resolve " + options.host + ": " + error->text);
    return exit_code_of::environment;
  }
  auto& found = std::get<Resolved>(resolved);
  prefer(found.addresses, options.rather);
  return probe(options, found, scrambler);
}

int run_command(const ProbeOptions& options) {
  std::optional<Scrambler> scrambler;
  if (options.output.redact && !(scrambler = scrambler_for(options.output)))
    return exit_code_of::environment;
  return run_probe(options, scrambler);
}

}  // namespace hopblame
