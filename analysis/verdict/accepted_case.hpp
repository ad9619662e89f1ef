#pragma once
// What the judges of an accepted connection share: the SYN/ACK, the real connection, texts.

#include "analysis/verdict/place.hpp"

namespace hopblame {

struct Accepted {
  const Exchange* exchange = nullptr;  ///< the probe that was answered
  const Reply* reply = nullptr;        ///< its SYN/ACK
  Place place;
};

[[nodiscard]] bool is_syn_ack(const Reply& reply);
[[nodiscard]] std::optional<Accepted> accepted_of(const Case& the_case);
/// Until the host behind it has accepted, a SYN proxy can promise no window (Linux SYNPROXY,
/// measured).
[[nodiscard]] bool has_no_window(const Accepted& accepted);
/// It has been opened since: the host has accepted, whatever goes wrong then.
[[nodiscard]] bool is_window_opened(const Case& the_case, const Accepted& accepted);

/// The control flow's end, where the SYN/ACK came the same way: probes of an open port can meet our
/// own half-open connection and seem to end a hop too far.
[[nodiscard]] std::optional<std::uint8_t> distance_of_end(const Case& the_case,
                                                          const Accepted& accepted);
/// Anywhere between this host and the destination, both ends of the way included.
[[nodiscard]] Where on_the_way(const Case& the_case, const Accepted& accepted);

[[nodiscard]] Evidence handshake(const Case& the_case, const Accepted& accepted);
/// An explanation of rank 1 that begins with the handshake; `on_destination` blames the host.
[[nodiscard]] Explanation explain(Mechanism mechanism, const Case& the_case,
                                  const Accepted& accepted, const Where& where, Text settled_by);
[[nodiscard]] Explanation on_destination(Mechanism mechanism, const Case& the_case,
                                         const Accepted& accepted, Text settled_by);

/// Data, anywhere between the two ends. What a tunnel of our own is carried by may lose them too.
[[nodiscard]] Explanation lost_on_the_way(const Case& the_case, const Accepted& accepted,
                                          Text settled_by);

/// The first answer of this kind to the real connect(); null when there was none.
[[nodiscard]] const Reply* said_by_peer(const Case& the_case, ReplyKind kind);
/// Frames of all answers of this kind to the real connect().
[[nodiscard]] std::vector<FrameId> conversation(const Case& the_case, ReplyKind kind);
/// Frames in which the real connect()'s SYN left.
[[nodiscard]] std::vector<FrameId> call_frames(const Case& the_case);

}  // namespace hopblame
