#pragma once
// Which of two captures was taken at the client's end: that may be another for each target.

#include <map>

#include "analysis/compare/matched.hpp"

namespace hopblame::compare {

class Directions {
 public:
  /// As if the first were the client's.
  explicit Directions(const Matched& captures);

  /// Connections to this address go from the machine of the second capture to that of the first: a
  /// call-back, FTP in active mode, or the two were taken for each other. All packets of that
  /// address in both say so, of connections either way, and some of both directions.
  [[nodiscard]] bool go_back(const IpAddress& target) const;

 private:
  /// As if that were the target.
  struct Seen {
    std::vector<Journey> journeys;
    std::size_t there = 0, back = 0;
  };
  void see(const Observation& first, const Observation& second);
  [[nodiscard]] bool is_enough(const IpAddress& target) const;

  std::map<IpAddress, Seen> seen_;
};

}  // namespace hopblame::compare
