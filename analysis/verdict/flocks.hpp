#pragma once
// Flows to one port that are turned away, by who does it: another sender is another fault.

#include <functional>
#include <vector>

#include "analysis/path/port_flows.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Who turned a flow away, as far as the answer tells: the sender of a message, the way back of a
/// RST and whether it bears the mark of a stack.
struct Voice {
  std::optional<IpAddress> message_from;
  HopLimit received;
  std::optional<bool> marked{};  ///< absent: the SYN bore no mark that a stack could copy
};

struct Flock {
  Voice voice;
  std::vector<PortFlow> flows;
};

/// Absent where the flow was answered in different ways.
[[nodiscard]] std::optional<Voice> single_voice(const PortFlow& flow);

/// Flows that were turned away with a single voice each; others are left out.
[[nodiscard]] std::vector<Flock> flocks_of(std::vector<PortFlow> flows);

/// As if the other flows to the port had not been asked.
[[nodiscard]] std::optional<Finding> judge_flock(const Case& the_case, const Flock& flock);

/// A second fault, met by flows or attempts of its own: no rival of what was found. `why` comes
/// first.
void add_beside(std::vector<Explanation>& found, std::vector<Explanation> second,
                const Evidence& why);
void add_beside(Finding& finding, const std::optional<Finding>& second, const Evidence& why);

/// Beside silence: those SYNs to the port that are answered are refused, a fault of its own that
/// they meet when the others get through as well. Of those without an answer, the ones that
/// `silent` picks are left out.
void add_refusal_beside(Finding& finding, const Case& the_case,
                        const std::function<bool(const Exchange&)>& silent, const Evidence& why);

}  // namespace hopblame
