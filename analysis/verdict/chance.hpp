#pragma once
// Is a silence evidence, or may answers that were due have been lost by chance? Every probe of a
// question that was answered at least once was due an answer: those that got none tell the loss.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct DueAnswers {
  unsigned due = 0, lost = 0;
  /// Half a loss is assumed where none was seen, so that few probes never look like proof.
  [[nodiscard]] double loss() const { return (lost + 0.5) / (due + 1.0); }
};

/// Of the host itself, without those of the port: control port, ping, bare ACK and FIN.
[[nodiscard]] DueAnswers answers_of_host(const Case& the_case);

/// The loss that probes to this distance meet. A lossy link spares the hops before it, so the worst
/// of all stretches that reach so far counts.
[[nodiscard]] double loss_beyond(const Case& the_case, std::uint8_t distance);

/// Could so many due answers all have been lost, in more than one of a hundred runs like this?
[[nodiscard]] bool could_be_chance(double loss, unsigned asked);

/// The nearest hop at which the host can be, if the walks met it at `distance`: a nearer one whose
/// answers may all have been lost is not ruled out.
[[nodiscard]] std::uint8_t nearest_end(const Case& the_case, std::uint8_t distance);

}  // namespace hopblame
