#pragma once
// What the client itself did in an attempt: ask again, acknowledge, or speak.

#include <optional>

#include "analysis/model/facts.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// A SYN/ACK that nobody is seen to acknowledge.
enum class HalfOpen : std::uint8_t {
  no,
  unasked,     ///< repeated, and nothing of the client is in the capture
  asked_on,    ///< the client sent its SYN once more after it
  asked_once,  ///< repeated in vain to who asked once
};

/// There was a SYN/ACK: in its place stands what came after it.
[[nodiscard]] bool is_accepted_unseen(const Attempt& attempt);

/// A stack asked in vain and gave up at once.
[[nodiscard]] bool is_asked_once(const Attempt& attempt);

/// To the SYN/ACK: who gets one acknowledges it, or its kernel resets it.
[[nodiscard]] bool reacts(const Attempt& attempt);

[[nodiscard]] HalfOpen half_open(const Attempt& attempt);

/// A handshake that was completed is what an application lived through; absent where nothing came
/// of it that tells more.
[[nodiscard]] std::optional<ConnectRecord> connect_of(const Attempt& attempt);

}  // namespace hopblame::offline
