#pragma once
// What a host says itself to pings and to datagrams, and the pings that it lets go by, all through
// the capture: that tells whether more than one port keeps silent.

#include <vector>

#include "analysis/model/address.hpp"
#include "analysis/model/exchange.hpp"

namespace hopblame::offline {

struct Pinged {
  IpAddress client;
  TimePoint at;  ///< of the answer; of a ping in vain, of the question
  FrameId frame;
  HopLimit hop_limit;                      ///< of the answer
  ReplyKind kind = ReplyKind::echo_reply;  ///< or the host's own ICMP error
};

/// Of many a few, from all of the time.
class PingLog {
 public:
  void add(const Pinged& one) {
    if (turn_++ % stride_ != 0) return;
    if (kept_.size() == most) thin_out();
    kept_.push_back(one);
  }
  [[nodiscard]] const std::vector<Pinged>& kept() const { return kept_; }

 private:
  static constexpr std::size_t most = 128;

  void thin_out() {
    for (std::size_t i = 0; i < most / 2; ++i) kept_[i] = kept_[2 * i];
    kept_.resize(most / 2);
    stride_ *= 2;
  }

  std::vector<Pinged> kept_;
  std::size_t turn_ = 0, stride_ = 1;
};

struct PingLogs {
  PingLog answered, in_vain;
};

}  // namespace hopblame::offline
