#pragma once
// What is heard of a host by other ways while one port keeps silent.

#include <optional>

#include "analysis/model/exchange.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/offline/book.hpp"

namespace hopblame::offline {

struct Span {
  TimePoint from, until;
  [[nodiscard]] bool holds(TimePoint at) const { return from <= at && at <= until; }
};

/// Who asks several ports does so within this.
inline constexpr Duration moment = std::chrono::seconds(1);
/// A SYN is repeated after a second, and then after twice the last pause (RFC 6298 section 5.5): so
/// long its connect() still waits for an answer.
inline constexpr Duration still_waiting = std::chrono::seconds(2);

/// From the first SYN to the last, of the time in which an answer to something else counts.
[[nodiscard]] inline Span asked_in(const Span& silence) {
  return {silence.from + moment, silence.until - still_waiting};
}

/// The host's answer in that frame, as one to a ping of no account.
[[nodiscard]] Exchange heard_from(const IpAddress& host, const IpAddress& client,
                                  const Reply& reply);

struct SignOfLife {
  enum class Kind : std::uint8_t { session, ping, message, reset };
  Kind kind;
  Exchange exchange;
};

/// What `client` hears of the host meanwhile by other ways than the port that keeps silent: a
/// connection that goes on, the answer to a ping, a message of its own, or a RST.
[[nodiscard]] std::optional<SignOfLife> sign_meanwhile(const Book& book, const Target& target,
                                                       const IpAddress& client,
                                                       const Span& silence);

/// Another client's SYN that the host accepts at that time.
[[nodiscard]] std::optional<Evidence> accepts_others(const Book& book, const Target& target,
                                                     const IpAddress& client, const Span& silence);
void tell_others(Verdict& verdict, const Evidence& accepted);

/// A RST may also come from a device before a host that is not there.
void tell_sign(Verdict& verdict, const SignOfLife& sign);

}  // namespace hopblame::offline
