#pragma once
// Where the rules of this machine show what they stop.

namespace hopblame {

inline constexpr const char* input_counters =
    "the packet counters of the input rules on this machine: `sudo nft list ruleset`, `sudo "
    "iptables -vnL INPUT`, `sudo ip6tables -vnL INPUT`.";
inline constexpr const char* output_counters =
    "the packet counters of the output rules on this machine: `sudo nft list ruleset`, `sudo "
    "iptables -vnL OUTPUT`, `sudo ip6tables -vnL OUTPUT`.";

}  // namespace hopblame
