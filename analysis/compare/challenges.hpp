#pragma once
// A port that is used again while the server still holds the connection that had it before: the
// server answers the SYN with an ACK of that one, whose numbers it bears (RFC 9293 section
// 3.10.7.4, RFC 5961 section 4).

#include "analysis/compare/select.hpp"

namespace hopblame::compare {

/// Such ACKs, and the client's RSTs to them, become part of the attempt that they answer, where
/// that got no SYN/ACK; where a NAT has given the port to another flow of the client's, the packets
/// of which the two captures count each to another attempt are joined. `journeys`: of each of
/// `pairs`.
void give_challenges(const std::vector<CallPair>& pairs, std::vector<Journeys>& journeys,
                     const Clock& clock);

}  // namespace hopblame::compare
