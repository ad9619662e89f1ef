#pragma once
// Probes leave by a raw IP socket, header included: unlike a packet socket it passes this host's
// own filter and routing, so that a local fault shows as an errno (EPERM: an output rule; ENOBUFS:
// a queue or egress hook; EMSGSIZE, ENETUNREACH, EHOSTUNREACH).

#include <memory>
#include <string>
#include <variant>

#include "capture/run_clock.hpp"
#include "capture/system.hpp"
#include "capture/transmitter.hpp"

namespace hopblame {

class RawSender : public Transmitter {
 public:
  /// The only part that needs CAP_NET_RAW; EPERM or EACCES without it.
  [[nodiscard]] static std::variant<std::unique_ptr<RawSender>, SystemError> open(
      const Outlet& outlet, const RunClock& clock);

  SendRecord send(const ProbeSpec& spec) override;

 private:
  RawSender(Descriptor socket, std::string zone, const RunClock& clock)
      : socket_(std::move(socket)), zone_(std::move(zone)), clock_(clock) {}

  Descriptor socket_;
  std::string zone_;
  const RunClock& clock_;
};

}  // namespace hopblame
