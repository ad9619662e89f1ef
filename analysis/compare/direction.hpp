#pragma once
// Which of two captures was taken at the client's end: that may be another for each target.

#include <map>

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

class Directions {
 public:
  Directions(const Side& first, const Side& second);

  /// Connections to this address go from the machine of the second capture to that of the first: a
  /// call-back, FTP in active mode, or the two were taken for each other. All packets of that
  /// address in both say so, of connections either way, and some of both directions.
  [[nodiscard]] bool go_back(const IpAddress& target) const;

 private:
  void see(const Observation& first, const Observation& second);

  std::map<IpAddress, std::vector<Journey>> seen_;  ///< as if that were the target
};

}  // namespace hopblame::compare
