#pragma once
// What the RSTs show, each in one sentence with the packets that show it.

#include "analysis/verdict/resets.hpp"

namespace hopblame {

/// The SYN and the RST that decide.
[[nodiscard]] std::vector<FrameId> cited(const Resets& resets);
[[nodiscard]] Evidence arrival(const Case& the_case, const Resets& resets);
/// Came the same way as the host's other answers.
[[nodiscard]] Evidence like_host(const Case& the_case);
/// How far a SYN gets, and from where on it meets the RST.
[[nodiscard]] std::optional<Evidence> boundary(const Case& the_case, const Resets& resets);
/// Came the same way as the messages of the router at this hop.
[[nodiscard]] std::optional<Evidence> way_back(const Case& the_case, std::uint8_t hop,
                                               const Resets& resets);
[[nodiscard]] std::optional<Evidence> host_is_elsewhere(const Case& the_case, const Resets& resets);
/// A stack copies the probe's mark into its RST, a rule does not.
[[nodiscard]] Evidence mark(const Case& the_case, const Resets& resets);
/// That is a flow label which Linux's own stack would have given, and speaks against it.
[[nodiscard]] bool lacks_label(const Case& the_case, const Resets& resets);
/// A SYN with a wrong checksum was reset too: what that tells.
[[nodiscard]] std::optional<Evidence> unverified(const Resets& resets);
/// What stands behind a rule that rejects SYNs only: other segments still reach the stack.
[[nodiscard]] std::optional<Evidence> behind_the_rule(const Case& the_case, const Resets& resets);

}  // namespace hopblame
