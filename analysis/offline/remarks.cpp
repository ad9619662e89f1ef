#include "analysis/offline/remarks.hpp"

#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

Text client(const Target& target) {
  if (!target.several_clients)
    return say("{} is taken for the client, because it sends the SYNs; --local names another.",
               target.client);
  return say(
      "{} is taken for the client, because it sends the SYNs; --local names another. Others "
      "connect there too: they are counted, the verdict is on this one.",
      target.client);
}

Text midway(HopLimit limit) {
  return say(
      "The client's SYNs pass with {} hops left, so they were captured about {} hop{} after it. "
      "Hop "
      "numbers count from there, and what lies before it was not seen.",
      limit.value, return_hops(limit), plural(return_hops(limit)));
}

std::optional<Text> one_direction(const Capture& capture, const Target& target) {
  if (target.question_unseen) return say("Answers were captured whose SYN was not.");
  if (target.answer_unseen)
    return say(
        "The client acts on answers that are not in the capture: it shows one direction only.");
  if (capture.counts.inbound == 0 && !capture.neighbours)
    return say(
        "The capture holds no packet to the client at all: perhaps it shows one direction only.");
  return {};
}

/// Why silence, or what came, is not enough to go by.
std::optional<Text> too_little(const Verdict& verdict, const Target& target) {
  if (target.answer_unseen) return {};
  if (target.latest == Outcome::inconclusive)
    return say("The capture ends before an answer to the last SYN could be due.");
  if (verdict.outcome == Outcome::inconclusive && !target.latest)
    return say(
        "Nobody asked this port itself: there is no SYN with a full TTL to it, only probes "
        "made to end on the way or that are no SYN.");
  return {};
}

}  // namespace

void remark(Verdict& verdict, const Capture& capture, const Target& target,
            const Exhibits& exhibits) {
  auto& caveats = verdict.caveats;
  caveats.reserve(caveats.size() + 3);  // more are rare
  if (!capture.local_given) caveats.push_back({CaveatId::client_inferred, client(target)});
  if (exhibits.midway && return_hops(*exhibits.midway) > 0)
    caveats.push_back({CaveatId::captured_midway, midway(*exhibits.midway)});
  if (const auto text = one_direction(capture, target))
    caveats.push_back({CaveatId::one_direction, *text});
  if (const auto text = too_little(verdict, target))
    caveats.push_back({CaveatId::short_run, *text});
  if (!exhibits.limited)
    caveats.push_back({CaveatId::no_walk,
                       say("Nobody walked this path with a limited TTL: distances are those of the "
                           "way back, taken from the TTL of answers.")});
  if (capture.counts.unverified > 0)
    caveats.push_back(
        {CaveatId::unverified,
         say("{} ICMP message{} quote packets that are not in the capture; not counted.",
             capture.counts.unverified, plural(capture.counts.unverified))});
  if (capture.counts.early + capture.book.left_out() > 0)
    caveats.push_back(
        {CaveatId::given_up_early,
         say("{} attempts were judged before their time and {} left out, because there were "
             "too many at once.",
             capture.counts.early, capture.book.left_out())});
}

}  // namespace hopblame::offline
