#pragma once
// The pings around the time in which a port keeps silent: those that the host answers, and those
// that it does not.

#include "analysis/offline/heard_meanwhile.hpp"

namespace hopblame::offline {

/// The last that the host itself answered to pings or datagrams before that time, and the first
/// after it.
[[nodiscard]] std::vector<Exchange> answers_around(const Book& book, const IpAddress& host,
                                                   const IpAddress& client, const Span& silence);

/// Pings between the first SYN and the last that the host did not answer.
struct InVain {
  Exchange exchange;
  bool answers_others = false;  ///< of the same client, at other times
};
[[nodiscard]] std::optional<InVain> pinged_in_vain(const Book& book, const IpAddress& host,
                                                   const IpAddress& client, const Span& silence);
void tell_pings(Verdict& verdict, const InVain& pings);

}  // namespace hopblame::offline
