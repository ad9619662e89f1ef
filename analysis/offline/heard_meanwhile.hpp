#pragma once
// What is heard of a host over other ports while one keeps silent.

#include <optional>

#include "analysis/model/exchange.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/offline/book.hpp"

namespace hopblame::offline {

struct Span {
  TimePoint from, until;
  [[nodiscard]] bool holds(TimePoint at) const { return from <= at && at <= until; }
};

struct SignOfLife {
  enum class Kind : std::uint8_t { session, message, reset };
  Kind kind;
  Exchange exchange;
};

/// What `client` hears of the host meanwhile over other ports than the one that keeps silent: a
/// connection that goes on, a message of its own, or a RST.
[[nodiscard]] std::optional<SignOfLife> sign_meanwhile(const Book& book, const Target& target,
                                                       const IpAddress& client,
                                                       const Span& silence);

/// A RST may also come from a device before a host that is not there.
void tell_sign(Verdict& verdict, const SignOfLife& sign);

}  // namespace hopblame::offline
