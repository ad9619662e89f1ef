#pragma once
// Our SYNs bear a mark in their ToS, what an application sends does not. Where that decides what
// becomes of them, the marked ones tell nothing of what the application lives through.

#include "analysis/path/port_flows.hpp"

namespace hopblame {

/// SYNs on these lanes bear no mark, as an application's own.
inline constexpr std::uint8_t first_unmarked_lane = 60, unmarked_flows = 5;

struct Forms {
  SynFate ordinary = SynFate::silent;  ///< of connect()'s SYN, and of ours without the mark
  SynFate marked = SynFate::silent;
  unsigned unmarked = 0;  ///< how many flows of ours without the mark fared like connect()'s
  double chance = 1;      ///< that fates dealt at random would fall so
};

/// Who the ordinary ones are: all without the mark, or connect()'s alone.
enum class Split : std::uint8_t { by_mark, connect_alone };

[[nodiscard]] bool is_unmarked(const PortFlow& flow);

/// Marked SYNs all fare alike, ordinary ones all fare otherwise, and neither a ban, a limit nor a
/// service that came or went explains it: they took turns. Absent where that is not so.
[[nodiscard]] std::optional<Forms> forms_of(const std::vector<PortFlow>& flows,
                                            Split split = Split::by_mark);

}  // namespace hopblame
