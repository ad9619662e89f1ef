#pragma once
// What this machine can do otherwise, or ought to know, before others are asked: by the addresses
// of both ends.

#include <span>
#include <vector>

#include "src/report/knowledge.hpp"
#include "src/report/report.hpp"

namespace hopblame {

enum class FirstLook : std::uint8_t {
  tunnel_unheard,  ///< nothing came back by a tunnel of this machine
  tunnel_mtu,      ///< what carries it may not take large packets
  source_refused,  ///< its address is refused (ICMPv6 1/5)
  no_address,      ///< it has none that others can answer
  other_source,    ///< it has another address on that interface
  other_exit,      ///< another interface leads there as well
  nat64,           ///< the target's address stands for an IPv4 address
};

/// The message that decides speaks of the source address.
[[nodiscard]] bool is_source_refused(const ReportInput& input);
/// In the order in which they are told.
[[nodiscard]] std::vector<FirstLook> first_looks(const ReportInput& input);
[[nodiscard]] std::span<const Advice> steps_of(FirstLook look);

}  // namespace hopblame
