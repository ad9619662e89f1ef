#pragma once
// What was asked so far, question by question.

#include <map>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"

namespace hopblame {

struct Asked {
  std::vector<TimePoint> tries;  ///< when each try was handed to the kernel
  bool answered = false;
};

class Ledger {
 public:
  explicit Ledger(std::span<const Exchange> exchanges);

  [[nodiscard]] const Asked& of(const Question& question) const;
  /// Every probe's time, the kernel's own SYN included, in order.
  [[nodiscard]] const std::vector<TimePoint>& all() const { return all_; }
  /// Times of the probes that can reach hop `distance` or farther.
  [[nodiscard]] std::vector<TimePoint> reaching(std::uint8_t distance) const;
  /// Times of the probes that end at exactly this hop limit.
  [[nodiscard]] std::vector<TimePoint> at(HopLimit hop_limit) const;

 private:
  std::span<const Exchange> exchanges_;
  std::map<Question, Asked> asked_;
  std::vector<TimePoint> all_;
};

}  // namespace hopblame
