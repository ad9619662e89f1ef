#pragma once
// The causes that connect() alone leaves open where no connection is made, and where each would
// lie. Without a packet hardly anything is told apart, so these lists are long.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] bool asks_itself(const Case& the_case);
/// Only a capture shows whether the SYN left this machine, and whether an answer came in.
[[nodiscard]] bool is_unseen(const Case& the_case);

/// Hop 0 where the address is this machine's own.
[[nodiscard]] Where connect_target(const Case& the_case);
/// Anywhere beyond this machine; packets to itself pass nobody else.
[[nodiscard]] Where anywhere(const Case& the_case);
[[nodiscard]] Text rules_here();
/// `settled_by` empty: a run with permission to send and capture packets.
[[nodiscard]] Explanation by_connect(const Case& the_case, Mechanism mechanism, const Where& where,
                                     Text evidence, Text settled_by = {}, unsigned rank = 1);

/// Explanations of one error, one after the other.
class Causes {
 public:
  Causes(const Case& the_case, Text text) : case_(the_case), text_(std::move(text)) {}

  void add(Mechanism mechanism, const Where& where, unsigned rank = 1, Text look = {});
  [[nodiscard]] Finding as(Outcome outcome) { return {outcome, found_, Confidence::weak}; }

 private:
  const Case& case_;
  Text text_;
  std::vector<Explanation> found_;
};

[[nodiscard]] Finding connect_refused(const Case& the_case);
[[nodiscard]] Finding connect_silent(const Case& the_case);

/// The kernel asks for a neighbour three times, a second each (measured: 3.07 s).
[[nodiscard]] bool took_time(const ConnectRecord& connect);
/// Errors of a route that says no; ICMP that a rule of this machine sends to itself may give most
/// of them too, but for EINVAL, and EACCES only in IPv6 (measured, signatures sections 5 and 8).
[[nodiscard]] bool may_be_route(int error);
[[nodiscard]] bool may_be_rule(int error, Family family);

}  // namespace hopblame
