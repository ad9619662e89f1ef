#pragma once
// SYNs that the capture shows once more behind a machine that translates: under another address
// (Docker, a Service of Kubernetes, NAT), or on the same flow with another number (a firewall that
// chooses better ones). What becomes of them there tells who answers, or where an answer is lost.

#include <cstdint>
#include <map>
#include <optional>

#include "analysis/model/exchange.hpp"

namespace hopblame::offline {

/// The first answer on the far side.
struct FarAnswer {
  FrameId frame;
  ReplyKind kind = ReplyKind::other_segment;
  HopLimit hop_limit;
  std::uint32_t sequence = 0;  ///< of a segment
  bool operator==(const FarAnswer&) const = default;
};

struct Forward {
  Endpoint client;
  Endpoint to;               ///< where the SYN goes on to
  FrameId frame;             ///< the first that shows it there
  std::uint32_t number = 0;  ///< the SYN's there
  std::optional<FarAnswer> answer{};
  bool operator==(const Forward&) const = default;
};

/// By the number of the client's SYN, which most translators leave alone.
class Forwards {
 public:
  /// Of several steps the last address tells where it goes, and any of them who answers.
  void add(std::uint32_t sequence, const Forward& forward) {
    if (all_.size() >= most && !all_.contains(sequence)) return;
    const auto [known, anew] = all_.try_emplace(sequence, forward);
    if (anew || known->second.to == forward.to) return;
    const auto answer = forward.answer ? forward.answer : known->second.answer;
    known->second = forward;
    known->second.answer = answer;
  }
  [[nodiscard]] Forward* find(std::uint32_t sequence) {
    const auto found = all_.find(sequence);
    return found == all_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Forward* find(std::uint32_t sequence) const {
    const auto found = all_.find(sequence);
    return found == all_.end() ? nullptr : &found->second;
  }
  /// What works needs no explanation.
  void forget(std::uint32_t sequence) { all_.erase(sequence); }

 private:
  static constexpr std::size_t most = 100'000;
  std::map<std::uint32_t, Forward> all_;
};

}  // namespace hopblame::offline
