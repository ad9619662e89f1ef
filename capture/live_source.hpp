#pragma once
// The wire as a PacketSource: the interface by which probes leave, and what comes in by others, in
// the order of their stamps. Waiting ends early, with a Tick, when one of the descriptors it was
// told to watch is ready: the real connect(), a signal.

#include <poll.h>

#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "capture/filter.hpp"
#include "capture/frame.hpp"
#include "capture/pcap_handle.hpp"
#include "capture/run_clock.hpp"

namespace hopblame {

class LiveSource : public PacketSource {
 public:
  [[nodiscard]] static std::variant<std::unique_ptr<LiveSource>, SystemError> open(
      const Vantage& vantage, const CaptureScope& scope, RunClock& clock);

  void watch(int fd, short events) { watched_.push_back({fd, events, 0}); }
  void forget(int fd);

  PacketEvent next(TimePoint deadline) override;
  [[nodiscard]] CaptureFacts facts() const override;

 private:
  /// One of the captures, and what was read of it and not yet given out.
  struct Tap {
    PcapHandle handle;
    std::optional<PcapHandle::Packet> next{};
    /// False when it cannot be read any more.
    [[nodiscard]] bool look();
  };

  LiveSource(PcapHandle handle, std::optional<PcapHandle> elsewhere, const Vantage& vantage,
             RunClock& clock);
  [[nodiscard]] Frame give(Tap& tap);
  [[nodiscard]] bool look_elsewhere();
  /// What is watched beside the captures.
  [[nodiscard]] std::span<pollfd> others() {
    return std::span(watched_).subspan(elsewhere_ ? 2 : 1);
  }
  /// True when something other than the capture wants attention.
  [[nodiscard]] bool wait(Duration span);
  [[nodiscard]] PacketEvent lost();

  Tap main_;
  std::optional<Tap> elsewhere_;  ///< absent: this machine has no other interface
  RunClock& clock_;
  CaptureFacts facts_;
  std::vector<pollfd> watched_;  ///< the first are the captures'
  std::uint64_t frames_ = 0;
};

}  // namespace hopblame
