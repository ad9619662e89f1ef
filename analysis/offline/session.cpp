#include "analysis/offline/session.hpp"

namespace hopblame::offline {
namespace {

/// What the server does not answer is repeated by then (RFC 6298 section 2.1): the last packet of
/// all comes not much later than its last one.
constexpr Duration repeated_by_then = std::chrono::seconds(1);

/// Of one that is kept what it said last is not known any more.
HopLimit limit_of_server(const Trails& trails, const Trail& trail) {
  if (trail.said_limit != 0) return {static_cast<std::uint8_t>(trail.said_limit)};
  const auto* accepted = trails.answer_of(trail, ReplyKind::syn_ack);
  return accepted ? accepted->hop_limit : HopLimit{};
}

}  // namespace

std::optional<Session> session_of(const Trails& trails, const Trail& trail) {
  if (trail.kind != ProbeKind::syn || !trail.talking || trail.answer_unseen) return {};
  if (trail.reset || trail.is_stuck()) return {};
  Session session{{trail.key.family, trail.client()},
                  trail.at,
                  trail.touched,
                  trail.frame,
                  limit_of_server(trails, trail)};
  if (!trail.joined && trail.rest != nothing) session.from = trails.rest_of(trail).connected;
  if (session.hop_limit.value == 0 || session.length() <= repeated_by_then) return {};
  session.until -= repeated_by_then;
  return session;
}

}  // namespace hopblame::offline
