#pragma once
// Which targets of the two captures `compare` looks at, and which capture is their client's.

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analysis/compare/matched.hpp"
#include "src/commands/compare_packets.hpp"
#include "src/commands/targets.hpp"
#include "src/offline/read_file.hpp"

namespace hopblame {

/// One of the two files. Its connections are null where it is a run of our own.
struct OneCapture {
  const ForeignCapture* connections = nullptr;
  const Packets* packets = nullptr;
};

/// Each order of the two is matched once, and only where a target needs it.
class BothFiles {
 public:
  BothFiles(OneCapture one, OneCapture other) : first(one), second(other) {}

  OneCapture first, second;

  /// As if the first were the client's, or, turned, the second.
  [[nodiscard]] const compare::Matched& matched(bool turned = false) const;

 private:
  mutable std::unique_ptr<compare::Matched> straight_, turned_;
};

/// A target, by its rank in the capture of its client's end: the first, unless the connections to
/// it go from the machine of the second to that of the first.
struct Compared {
  Rank rank;
  bool turned = false;
};

/// Worst first: those that the user named, else those whose address the other capture knows. A
/// translator may have changed that: of several of which it knows none, the one that fares worst.
[[nodiscard]] std::variant<std::vector<Compared>, NotWanted> targets_to_compare(
    const BothFiles& files, const ReadRequest& request, const std::string& typed);

/// Where the user named none: which others fared ill, as `fails` says of those that the client's
/// capture alone calls so.
void tell_others(const BothFiles& files, const std::vector<Compared>& targets,
                 const std::function<bool(const Compared&)>& fails);

}  // namespace hopblame
