#pragma once
// What RSTs carry (RFC 9293 section 3.5.3): load balancers say there why they reset. Few do, so it
// stands beside the attempts.

#include <map>
#include <span>
#include <vector>

#include "analysis/model/ids.hpp"

namespace hopblame::offline {

class ResetTexts {
 public:
  using Text = std::vector<std::uint8_t>;

  void add(FrameId frame, std::span<const std::uint8_t> text) {
    if (all_.size() < most) all_.try_emplace(frame, text.begin(), text.end());
  }
  /// Null: that frame is no RST that says something.
  [[nodiscard]] const Text* find(FrameId frame) const {
    const auto found = all_.find(frame);
    return found == all_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t most = 10'000;
  std::map<FrameId, Text> all_;
};

}  // namespace hopblame::offline
