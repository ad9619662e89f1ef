#pragma once
// The causes of a finding as they are gathered.

#include <utility>

#include "analysis/compare/causes.hpp"
#include "analysis/compare/places.hpp"

namespace hopblame::compare {

class CauseList : protected Places {
 protected:
  using Places::Places;
  using M = Mechanism;

  void add(M mechanism, const Where& where, Text settled_by, unsigned rank = 1);
  /// More that speaks for the last one: by the packets of the finding, or by these.
  void also(const std::string& text);
  void also(const std::string& text, const std::vector<Met>& met);
  void blame(const Where& where, Confidence confidence) { cause_.culprit = {where, confidence}; }
  [[nodiscard]] std::string server_citation() const;
  /// What is known of the client's capture alone; or that, and the finding speaks for it too.
  void alone_says();
  void alone_says_too();

  Cause cause_;
};

}  // namespace hopblame::compare
