#include "src/instruments.hpp"

#include <optional>
#include <vector>

namespace hopblame {
namespace {

/// One for each flow the longest run asks on (33 to either port, and the other kinds of probes): a
/// port that came round again would not be a new flow.
constexpr std::size_t reserved_ports = 72;

/// Moves the value out, or hands back the error.
template <typename T, typename Into>
std::optional<SystemError> keep(std::variant<T, SystemError> made, const Into& into) {
  if (auto* error = std::get_if<SystemError>(&made)) return std::move(*error);
  into(std::get<T>(std::move(made)));
  return std::nullopt;
}

std::variant<std::unique_ptr<LiveSource>, SystemError> open_capture(
    Instruments& made, const Goal& goal, const Vantage& vantage,
    const std::optional<BoundSocket>& connecting) {
  const auto reserved = made.ports->ports();
  std::vector<std::uint16_t> ports(reserved.begin(), reserved.end());
  if (connecting) ports.push_back(connecting->local.port);
  const auto& target = goal.target.address;
  const CaptureScope scope{target, vantage.local, vantage.gateway.value_or(target), ports};
  return LiveSource::open(vantage, scope, made.clock);
}

}  // namespace

std::variant<std::unique_ptr<Instruments>, SystemError> open_instruments(const Goal& goal,
                                                                         const Vantage& vantage,
                                                                         const Outlet& outlet) {
  auto made = std::make_unique<Instruments>();
  std::optional<BoundSocket> connecting;
  std::optional<SystemError> failed =
      keep(RawSender::open(outlet, made->clock),
           [&](std::unique_ptr<RawSender> sender) { made->sender = std::move(sender); });
  if (!failed)
    failed = keep(PortReservation::reserve(outlet, reserved_ports), [&](PortReservation ports) {
      made->ports = std::make_unique<PortReservation>(std::move(ports));
    });
  if (!failed && goal.handshake)
    failed =
        keep(bind_tcp(outlet), [&](BoundSocket socket) { connecting.emplace(std::move(socket)); });
  if (!failed)
    failed = keep(open_capture(*made, goal, vantage, connecting),
                  [&](std::unique_ptr<LiveSource> source) { made->source = std::move(source); });
  if (failed) return *failed;
  if (connecting)
    made->application = std::make_unique<RealConnect>(std::move(*connecting), goal.target,
                                                      outlet.zone, made->source.get(), made->clock);
  return made;
}

}  // namespace hopblame
