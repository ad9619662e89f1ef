#include "analysis/offline/remarks.hpp"

#include <fmt/format.h>

#include "analysis/offline/outcome.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame::offline {
namespace {

/// `compare` has no --local.
Text taken_for(const Target& target, const IpAddress& client, bool has_other_end) {
  if (!target.several_clients)
    return has_other_end ? say("{} is taken for the client, because it sends the SYNs.", client)
                         : say("{} is taken for the client, because it sends the SYNs; --local "
                               "names another.",
                               client);
  return has_other_end ? say("{} is one of several clients, those that send the SYNs; the verdict "
                             "is on its attempts, all are counted.",
                             client)
                       : say("{} is one of several clients, those that send the SYNs; the verdict "
                             "is on its attempts, all are counted, and --local tells of one alone.",
                             client);
}

Text client(const Target& target, const Exhibits& exhibits, bool has_other_end) {
  auto text = taken_for(target, exhibits.client, has_other_end);
  if (exhibits.neighbour)
    return text.str() +
           say(" Its RSTs are compared with what the host answers {}, which stands at the same "
               "place: their SYNs arrive with the same {}, and the same machine hands the answers "
               "over.",
               *exhibits.neighbour, limit_word(target.endpoint.address.family))
               .str();
  if (!exhibits.limited || exhibits.placed) return text;
  return text.str() +
         " Its probes do not tell how far from it they were captured: hop numbers count from "
         "there.";
}

Text midway(HopLimit limit) {
  return say(
      "The client's SYNs pass with {} hops left, so they were captured about {} hop{} after it. "
      "Hop "
      "numbers count from there, and what lies before it was not seen.",
      limit.value, return_hops(limit), plural(return_hops(limit)));
}

std::optional<Text> one_direction(const Capture& capture, const Target& target,
                                  const Exhibits& exhibits) {
  if (target.question_unseen) return say("Answers were captured whose SYN was not.");
  if (exhibits.accepted_unseen)
    return say(
        "A SYN/ACK is not in the capture: that there was one is shown by what the server sends "
        "then. The capture missed it.");
  if (target.answer_unseen)
    return say(
        "The client acts on answers that are not in the capture: it shows one direction only.");
  if (exhibits.local || sees_inbound(capture, exhibits.client)) return {};
  if (!target.repeated)
    return say(
        "The capture holds no packet to the client at all: perhaps it shows one direction only.");
  return say(
      "The capture holds no packet to the client at all: perhaps it shows one direction only. The "
      "client sends its SYN again, so it got no SYN/ACK and no RST; whether a router said why is "
      "not known then.");
}

/// The host answers a SYN so that meets a connection of before, until a RST ends that.
Text misfits(const Target& target) {
  return say(
      "{} packet{} of {} do{} not fit the numbers of the SYN{} before: left over from an older "
      "connection with the same ports (the client's RST then does not reach the host), broken, or "
      "forged; not counted.",
      target.misfits, plural(target.misfits), target.endpoint.address,
      target.misfits == 1 ? "es" : "", plural(target.misfits));
}

std::optional<Text> cut_off(const Surroundings& around) {
  const auto quotes = around.cut_quotes(), options = around.cut_options();
  if (quotes + options == 0) return {};
  std::string text = "Too little was kept of each packet (the snap length): ";
  if (quotes > 0)
    text +=
        fmt::format("{} ICMP message{} cannot be matched with what {} quote{}, ", quotes,
                    quotes == 1 ? "" : "s", quotes == 1 ? "it" : "they", quotes == 1 ? "s" : "");
  if (options > 0)
    text += fmt::format("{} SYN{} lack{} options, ", options, options == 1 ? "" : "s",
                        options == 1 ? "s" : "");
  return text + "and what a service says may be missing.";
}

/// A filter on the port hides what routers say of it.
std::optional<Text> no_icmp(const Capture& capture, const Verdict& verdict) {
  if (verdict.outcome != Outcome::dropped || !capture.around.only_tcp()) return {};
  return say(
      "The capture holds nothing but TCP. If a filter left ICMP out, a message that says why "
      "would not be in it.");
}

std::optional<Text> half_made(HalfOpen half_open) {
  switch (half_open) {
    case HalfOpen::no: return {};
    case HalfOpen::asked_once:
      return say(
          "The server repeats its SYN/ACK, and the client neither acknowledges it nor asks again: "
          "its acknowledgments are lost before the place of this capture, or nobody stands behind "
          "that address (a forged sender, a scan).");
    case HalfOpen::asked_on:
      return say(
          "The client sent its SYN once more after the SYN/ACK, as one that did not get it, and "
          "nothing shows that it got the next one: whether the connection was made is not known. "
          "A capture on the client tells.");
    case HalfOpen::unasked:
      return say(
          "The server repeats its SYN/ACK, as one that gets no acknowledgment, and the capture "
          "shows nothing of the client: the SYN/ACK is lost behind the place of this capture, or "
          "the client's acknowledgment on its way. A capture of both directions tells.");
  }
  return {};
}

/// Why silence, or what came, is not enough to go by.
std::optional<Text> too_little(const Verdict& verdict, const Capture& capture, const Target& target,
                               const Exhibits& exhibits) {
  if (target.answer_unseen) return {};
  if (auto half = half_made(exhibits.half_open)) return half;
  if (verdict.outcome == Outcome::open && exhibits.ignored)
    return say(
        "The client neither acknowledges nor resets the SYN/ACKs, as stacks do that get them: the "
        "capture leaves those packets out, or the answers do not reach the client's stack.");
  if (target.latest == Outcome::inconclusive && exhibits.connect && exhibits.connect->closed)
    return say(
        "The server ended the connection after it had heard more from the client than the capture "
        "shows: what it was asked, and whether the client was done, is not known.");
  if (target.latest == Outcome::inconclusive)
    return say("The capture ends before an answer to the last SYN could be due.");
  if (verdict.outcome == Outcome::inconclusive && exhibits.asked_once && capture.around.only_tcp())
    return say(
        "The client did not send its SYN again after a second, as stacks do that wait in vain: it "
        "gave up at once, or got an answer that is not in the capture. There is nothing but TCP in "
        "it, as with a filter that leaves ICMP out.");
  if (verdict.outcome == Outcome::dropped && asks_no_more(capture, target, exhibits))
    return say(
        "The client did not send its SYN again, as stacks do that wait in vain: its program gave "
        "up "
        "at once (a short limit of its own, another address that answered first), or it got an "
        "answer, such as a RST, that the capture missed.");
  if (verdict.outcome == Outcome::inconclusive && !target.latest)
    return say(
        "Nobody asked this port itself: there is no SYN with a full TTL to it, only probes "
        "made to end on the way or that are no SYN.");
  return {};
}

}  // namespace

bool asks_no_more(const Capture& capture, const Target& target, const Exhibits& exhibits) {
  return exhibits.asked_once && !target.repeated && capture.facts.horizon - target.last > patience;
}

void remark(Verdict& verdict, const Capture& capture, const Target& target,
            const Exhibits& exhibits) {
  auto& caveats = verdict.caveats;
  caveats.reserve(caveats.size() + 4);  // more are rare
  for (auto& caveat : caveats)
    if (target.misfits > 0 && caveat.id == CaveatId::forged_replies) caveat.text = misfits(target);
  if (!capture.local_given && !exhibits.local)
    caveats.push_back({CaveatId::client_inferred, client(target, exhibits, capture.has_other_end)});
  if (exhibits.midway && return_hops(*exhibits.midway) > 0)
    caveats.push_back({CaveatId::captured_midway, midway(*exhibits.midway)});
  if (verdict.outcome == Outcome::open && !exhibits.completed && !target.question_unseen &&
      !target.answer_unseen)
    caveats.push_back(
        {CaveatId::no_handshake,
         say("Nobody acknowledged a SYN/ACK here, as in a scan: that the port answers "
             "is all that is known of the service.")});
  if (const auto text = one_direction(capture, target, exhibits))
    caveats.push_back({CaveatId::one_direction, *text});
  if (const auto text = too_little(verdict, capture, target, exhibits))
    caveats.push_back({CaveatId::short_run, *text});
  if (const auto text = cut_off(capture.around)) caveats.push_back({CaveatId::snap_length, *text});
  if (const auto text = no_icmp(capture, verdict)) caveats.push_back({CaveatId::no_icmp, *text});
  if (exhibits.walked_before) {
    std::erase_if(caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::no_icmp; });
    caveats.push_back({CaveatId::no_walk,
                       say("Somebody walked this path while the port still answered: what passed "
                           "then may be stopped now, so those steps are not counted.")});
  } else if (!exhibits.limited && !exhibits.local)
    caveats.push_back({CaveatId::no_walk,
                       say("Nobody walked this path with a limited TTL: distances are those of the "
                           "way back, taken from the TTL of answers.")});
  if (capture.counts.unverified > 0)
    caveats.push_back(
        {CaveatId::unverified,
         capture.counts.unverified == 1
             ? say("1 ICMP message quotes a packet that is not in the capture; not counted.")
             : say("{} ICMP messages quote packets that are not in the capture; not counted.",
                   capture.counts.unverified)});
  if (capture.counts.early + capture.book.left_out() > 0)
    caveats.push_back(
        {CaveatId::given_up_early,
         say("{} attempts were judged before their time and {} left out, because there were "
             "too many at once.",
             capture.counts.early, capture.book.left_out())});
}

}  // namespace hopblame::offline
