#include "analysis/offline/midstream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

const Reply* accepted(const Attempt& attempt) {
  const auto& replies = attempt.exchange.replies;
  const auto found = std::ranges::find(replies, ReplyKind::syn_ack, &Reply::kind);
  return found == replies.end() ? nullptr : &*found;
}

/// It promised no window: a SYN proxy's answer, and the judges of accepted connections know it.
bool by_proxy(const Attempt& attempt) {
  const auto* syn_ack = accepted(attempt);
  return syn_ack && syn_ack->segment && syn_ack->segment->window == 0;
}

const Attempt* example_of(const std::vector<Attempt>& sample, Outcome outcome) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt)
    if (attempt->outcome == outcome) return &*attempt;
  return nullptr;
}

Evidence reset_evidence(const Target& target, const Ending& end) {
  return {fmt::format("A RST ends the connection after it was made; it arrived with {} {}.",
                      target.endpoint.address.family == Family::ipv4 ? "TTL" : "hop limit",
                      end.hop_limit.value),
          {end.frame}};
}

Explanation by_host(const Target& target, const Ending& end, const Reply* syn_ack, unsigned rank) {
  Explanation found{Mechanism::accept_then_close,
                    rank,
                    {CulpritKind::destination, {}, {}, target.endpoint.address},
                    list_of(reset_evidence(target, end)),
                    {},
                    "the service's log on the host at that time"};
  if (syn_ack && syn_ack->hop_limit == end.hop_limit)
    found.because.push_back(
        {"The host's own SYN/ACK arrived with the same: both came the same way.",
         {syn_ack->frame}});
  return found;
}

Explanation by_box(const Target& target, const Ending& end, const Reply* syn_ack, unsigned rank) {
  Explanation found{Mechanism::injected_reset,
                    rank,
                    somewhere,
                    list_of(reset_evidence(target, end)),
                    {},
                    "a capture on the host at the same time: did it send this RST?"};
  if (syn_ack && syn_ack->hop_limit != end.hop_limit)
    found.because.push_back(
        {fmt::format("The host's own SYN/ACK arrived with {}: somebody else sent the RST.",
                     syn_ack->hop_limit.value),
         {syn_ack->frame}});
  return found;
}

Verdict reset_verdict(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  const auto* syn_ack = accepted(attempt);
  const bool another = syn_ack && syn_ack->hop_limit != end.hop_limit;
  Verdict verdict{Outcome::closed_early, {somewhere, Confidence::weak}, {}, {}};
  if (another) {
    verdict.explanations = list_of(by_box(target, end, syn_ack, 1));
    verdict.culprit.confidence = Confidence::strong;
    return verdict;
  }
  verdict.explanations =
      list_of(by_host(target, end, syn_ack, 1), by_box(target, end, syn_ack, syn_ack ? 2 : 1));
  if (syn_ack) verdict.culprit.where = verdict.explanations.front().where;
  return verdict;
}

Verdict stuck_verdict(const Attempt& attempt) {
  Explanation blocked{Mechanism::data_blocked, 1, somewhere, {}, {}, ""};
  blocked.because.push_back(
      {fmt::format("The handshake completed, then the client repeated its data, or asked whether "
                   "the peer is still there, {} times, and nobody acknowledged it.",
                   attempt.unacknowledged),
       attempt.exchange.left});
  blocked.settled_by =
      "a capture on the host: does the data arrive there, and does an answer leave?";
  return {Outcome::silent_service, {somewhere, Confidence::weak}, list_of(std::move(blocked)), {}};
}

}  // namespace

std::optional<Verdict> midstream(const Target& target, const std::vector<Attempt>& sample,
                                 Outcome outcome) {
  const auto* attempt = example_of(sample, outcome);
  if (attempt == nullptr) return {};
  const auto& talk = attempt->talk;
  const bool reset = talk.end && talk.end->reset;
  if (outcome == Outcome::closed_early && reset && (talk.spoke || attempt->joined))
    return reset_verdict(target, *attempt);
  if (outcome == Outcome::silent_service && attempt->unacknowledged > 0 && !by_proxy(*attempt))
    return stuck_verdict(*attempt);
  return {};
}

}  // namespace hopblame::offline
