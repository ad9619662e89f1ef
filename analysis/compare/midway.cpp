#include "analysis/compare/midway.hpp"

#include <algorithm>

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {
namespace {

bool goes_on(const Forwarding& forwarding, FrameId frame) {
  return forwarding.passed_on.contains(frame.value);
}

/// A router that shows others twice, as they come and as they go, shows these once.
bool is_held(const AttemptFinding& finding, const Forwarding& forwarding) {
  return finding.finding == Finding::unanswered && forwarding.there &&
         std::ranges::none_of(finding.server_packets,
                              [&](FrameId frame) { return goes_on(forwarding, frame); });
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

void tell_midway(AttemptFinding& finding, const Forwarding& forwarding) {
  if (!says_the_server_did(finding)) return;
  finding.held = is_held(finding, forwarding);
  finding.passed = finding.way == Way::back &&
                   std::ranges::all_of(finding.server_packets,
                                       [&](FrameId frame) { return goes_on(forwarding, frame); });
  finding.text = midway_text(finding);
}

}  // namespace hopblame::compare
