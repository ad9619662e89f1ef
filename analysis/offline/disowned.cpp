#include "analysis/offline/disowned.hpp"

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

/// It, and what shows whose it is not.
std::vector<FrameId> cited(const Ending& end) {
  std::vector<FrameId> frames{end.frame};
  if (end.belied_by) frames.push_back(*end.belied_by);
  return frames;
}

Evidence fin_disowned(const Ending& end) {
  return {say("A FIN in the server's name ends the connection, and the server goes on to send more "
              "than it had said by then: somebody else sent the FIN."),
          cited(end)};
}

/// The other half of what an injector does: the server is reset in the client's name.
Evidence reset_disowned(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  const auto limit = attempt.exchange.spec.question.hop_limit;
  if (end.belied_by || limit == end.hop_limit)
    return {say("A RST with the client's address ends the connection, and the client goes on as if "
                "it had sent none: somebody else did."),
            cited(end)};
  return {say("A RST with the client's address ends the connection. It came with {} {}, the "
              "client's SYN with {}: a device on the way sent it.",
              limit_word(target.endpoint.address.family), end.hop_limit.value, limit.value),
          {attempt.exchange.left.front(), end.frame}};
}

}  // namespace

Verdict disowned_verdict(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  Explanation found{Mechanism::injected_reset, 1, somewhere, {}, {}, {}};
  found.because.push_back(end.reset ? reset_disowned(target, attempt) : fin_disowned(end));
  found.settled_by = end.reset
                         ? say("a capture on the client at the same time: did it send this RST?")
                         : say("a capture on the host at the same time: did it send this FIN?");
  return {Outcome::closed_early, {somewhere, Confidence::weak}, list_of(std::move(found)), {}};
}

}  // namespace hopblame::offline
