#include "analysis/compare/midway.hpp"

#include <algorithm>

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {
namespace {

/// A router that shows others twice, as they come and as they go, shows these once.
template <class GoesOn>
bool is_held(const AttemptFinding& finding, const Forwarding& forwarding, GoesOn goes_on) {
  return finding.finding == Finding::unanswered && forwarding.there &&
         std::ranges::none_of(finding.server_packets, goes_on);
}

const char* midway_text(const AttemptFinding& finding) {
  if (finding.held)
    return "The SYN came to the router where the second capture was taken, which passes other "
           "packets on to the server and did not pass this on.";
  if (finding.passed)
    return "The second capture was taken at a router, and shows this packet come from beyond and "
           "go on to the client.";
  return "The second capture was taken on the way to the server: what it shows was made there, "
         "or farther on.";
}

}  // namespace

void tell_midway(AttemptFinding& finding, const Forwarding& forwarding,
                 const std::set<std::uint64_t>& syns) {
  if (!says_the_server_did(finding)) return;
  const auto goes_on = [&](FrameId frame) {
    return forwarding.passed_on.contains(frame.value) || syns.contains(frame.value);
  };
  finding.held = is_held(finding, forwarding, goes_on);
  finding.passed = finding.way == Way::back && std::ranges::all_of(finding.server_packets, goes_on);
  finding.text = midway_text(finding);
}

}  // namespace hopblame::compare
