#pragma once
// Everything a live run needs from the kernel, opened at once while the privilege lasts.

#include <memory>
#include <variant>

#include "analysis/model/goal.hpp"
#include "capture/live_source.hpp"
#include "capture/port_reservation.hpp"
#include "capture/raw_sender.hpp"
#include "capture/run_clock.hpp"
#include "src/application.hpp"

namespace hopblame {

struct Instruments {
  RunClock clock{read_clocks()};
  std::unique_ptr<RawSender> sender;
  std::unique_ptr<PortReservation> ports;
  std::unique_ptr<LiveSource> source;
  std::unique_ptr<RealConnect> application;  ///< null with --no-handshake
};

/// EPERM or EACCES: what CAP_NET_RAW would allow. ENETDOWN: there is no interface to listen on.
[[nodiscard]] std::variant<std::unique_ptr<Instruments>, SystemError> open_instruments(
    const Goal& goal, const Vantage& vantage, const Outlet& outlet);

}  // namespace hopblame
