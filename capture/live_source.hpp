#pragma once
// The wire as a PacketSource. Waiting ends early, with a Tick, when one of the descriptors it was
// told to watch is ready: the real connect(), a signal.

#include <poll.h>

#include <memory>
#include <variant>
#include <vector>

#include "capture/frame.hpp"
#include "capture/pcap_handle.hpp"
#include "capture/run_clock.hpp"

namespace hopblame {

class LiveSource : public PacketSource {
 public:
  [[nodiscard]] static std::variant<std::unique_ptr<LiveSource>, SystemError> open(
      const Vantage& vantage, const std::string& filter, RunClock& clock);

  void watch(int fd, short events) { watched_.push_back({fd, events, 0}); }
  void forget(int fd);

  PacketEvent next(TimePoint deadline) override;
  [[nodiscard]] CaptureFacts facts() const override;

 private:
  LiveSource(PcapHandle handle, const Vantage& vantage, RunClock& clock);
  [[nodiscard]] Frame to_frame(const PcapHandle::Packet& packet);
  /// True when something other than the capture wants attention.
  [[nodiscard]] bool wait(Duration span);
  [[nodiscard]] PacketEvent lost();

  PcapHandle handle_;
  RunClock& clock_;
  CaptureFacts facts_;
  std::vector<pollfd> watched_;  ///< the first is the capture's
  std::uint64_t frames_ = 0;
};

}  // namespace hopblame
