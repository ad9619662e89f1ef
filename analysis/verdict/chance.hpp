#pragma once
// Is a silence evidence, or may answers that were due have been lost by chance?

#include <string_view>

#include "analysis/path/loss.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Of the host itself, without those of the port: control port, ping, bare ACK and FIN.
[[nodiscard]] DueAnswers answers_of_host(const Case& the_case);

/// The same, and those of the port: no allowance of ICMP messages limits them.
[[nodiscard]] DueAnswers direct_answers(const Case& the_case);

/// Of the routers on the way: a lossy link spares the hops before it, so the worst of all stretches
/// that reach to the last of them counts.
[[nodiscard]] DueAnswers answers_of_routers(const Case& the_case);

/// Probes that the capture never saw leave: a queue or rule on the way out, no loss on the path.
[[nodiscard]] unsigned never_left(const Case& the_case);

/// What the fate of probes to the port is compared with.
struct Others {
  DueAnswers answers;
  std::string_view name;  ///< for people: "of the ..."
};

/// Everything else that the host answers; where it answers nothing else, the routers on the way.
[[nodiscard]] Others others_of(const Case& the_case);

/// The loss that probes to this distance meet. A lossy link spares the hops before it, so the worst
/// of all stretches that reach so far counts.
[[nodiscard]] double loss_beyond(const Case& the_case, std::uint8_t distance);

/// So soon after, an allowance of ICMP messages that was spent has not come back (one a second, ten
/// in IPv6: measured).
inline constexpr Duration same_allowance = std::chrono::milliseconds(50);

/// The silence of a probe counts: the hop where it dies had answers to give, for it gave one right
/// after, or none in the second before. A router may send one a second, not more.
[[nodiscard]] bool is_fair(const Case& the_case, const Exchange& asked);
/// SYNs to the port with this hop limit of which that is so.
[[nodiscard]] unsigned fair_tries(const Case& the_case, std::uint8_t hop);
/// The same of one of the walks.
[[nodiscard]] unsigned fair_tries(const Case& the_case, const Walk& walk, std::uint8_t hop);

/// The nearest hop at which the host can be, if the walks met it at `distance`: a nearer one whose
/// answers may all have been lost is not ruled out.
[[nodiscard]] std::uint8_t nearest_end(const Case& the_case, std::uint8_t distance);

}  // namespace hopblame
