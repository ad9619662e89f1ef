// Which attempt an ICMP error is about: it quotes the start of the packet that gave rise to it.
#include "analysis/offline/answer.hpp"
#include "analysis/offline/outcome.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

/// The first that ends the attempt says how; it stands here so that its answer need not be fetched
/// from memory again.
void note_rejection(Trail& trail, const Sighting& seen) {
  const bool known = trail.rejected || trail.unreachable;
  if (known || trail.answers == Trails::most_answers) return;
  const auto outcome = outcome_of(trail.key.family, seen.error);
  trail.rejected = outcome == Outcome::rejected;
  trail.unreachable = outcome == Outcome::unreachable;
}

/// Of what the client of a connection has sent so far: its ACKs bear the number after the SYN until
/// it has data.
bool has_sent(const Trail& trail, std::uint32_t sequence) {
  const auto next = trail.number == 0 ? trail.sequence + 1 : trail.number;
  return trail.talking && sequence - trail.sequence <= next - trail.sequence;
}

/// Of what its server has sent, from its SYN/ACK on.
bool has_replied(const Trails& trails, const Trail& trail, std::uint32_t sequence) {
  const auto first = trails.first_word(trail) - 1;
  const auto next = trail.said == 0 ? first + 1 : trail.said;
  return trail.has(ReplyKind::syn_ack) && sequence - first <= next - first;
}

/// RFC 1191, RFC 8201: the sender then makes smaller packets.
bool is_too_big(const SeenError& error, Family family) {
  return family == Family::ipv4 ? error.type == 3 && error.code == 4 : error.type == 2;
}

/// Datagrams that may arrive are not followed: who gets one for a port that is closed says so
/// itself.
bool is_hosts_own(const Sighting& seen) {
  const auto& quoted = seen.key;
  const auto& host = quoted.from_low ? quoted.key.high : quoted.key.low;
  return quoted.key.transport == Transport::udp && seen.error.sender == host &&
         kind_of(seen.error, quoted.key.family) == ReplyKind::icmp_error;
}

}  // namespace

void Tracker::see_error(const Sighting& seen, const Followed& newest) {
  const auto asked = quoted(seen, newest);
  const auto& error = seen.error;
  const auto family = seen.key.key.family;
  if (asked) {
    ++counts_.inbound;
    if (kind_of(error, family) == ReplyKind::icmp_error) note_rejection(*asked, seen);
    return add(*asked, seen, answer_of_error);
  }
  const auto replied = live_.find(newest, !seen.key.from_low, [&](const Trail& trail) {
    return error.has_sequence && has_replied(trails_, trail, error.sequence);
  });
  if (replied && is_too_big(error, family)) add(*replied, seen, answer_of_error);
  // What keeps a packet of the server from the client is no answer to the client.
  if (replied && outcome_of(family, error)) add(*replied, seen, answer_to_server);
  if (is_hosts_own(seen) && follows(seen.key)) return note_datagram(seen, newest.id);
  // What is redirected was passed on, whatever it was: no news.
  const bool redirect = family == Family::ipv4 && error.type == 5;
  if (replied || redirect || !follows(seen.key)) return;
  const bool cut = !error.has_sequence && seen.key.key.low_port == 0;  // see Surroundings
  if (seen.key.key.transport != Transport::tcp || cut || counts_.unverified++ > 0) return;
  counts_.unverified_from = {family, error.sender};
  counts_.unverified_flow = seen.key.flow();
}

/// The question is not looked for; the answer shows that the host is there.
void Tracker::note_datagram(const Sighting& seen, TrailId newest) {
  auto& trail = begin(seen, hash_(seen.key.key), newest, seen.key, ProbeKind::udp);
  trail.hop_limit = full_hop_limit;
  trails_.add_answer(trail, [&] { return answer_of_error(seen); });
}

/// The attempt of which a packet is quoted.
Followed Tracker::quoted(const Sighting& seen, const Followed& newest) {
  const auto& error = seen.error;
  const auto is_quoted = [&](const Trail& trail) {
    return error.has_sequence && error.sequence == trail.sequence;
  };
  const auto same_id = [&](const Trail& trail) {
    return trails_.has_ip_id(trail, error.ip_id_or_flow_label);
  };
  const auto find = [&](auto fits) { return live_.find_asked(newest, seen.key.from_low, fits); };
  if (const auto one = find([&](const Trail& trail) { return is_quoted(trail) && same_id(trail); }))
    return one;
  if (const auto one = find(is_quoted)) return one;
  // A short snap length cuts the quote behind the ports.
  if (!error.has_sequence && error.ip_id_or_flow_label != 0)
    if (const auto one = find(same_id)) return one;
  if (error.has_sequence)
    if (const auto one = find([&](const Trail& trail) { return has_sent(trail, error.sequence); }))
      return one;
  return quoted_after_nat(seen);
}

/// Of a message whose quote was not translated back: the number and one end are untouched.
Followed Tracker::quoted_after_nat(const Sighting& seen) {
  if (!seen.error.has_sequence || seen.key.key.transport != Transport::tcp) return {};
  const auto begun = begun_with(seen.error.sequence);
  if (!begun || begun->kind != ProbeKind::syn) return {};
  const auto asked = begun->flow().flow(), quoted = seen.key.flow();
  const bool one_end =
      (asked.source == quoted.source && asked.destination.address != quoted.destination.address) ||
      (asked.destination == quoted.destination && asked.source.address != quoted.source.address);
  return one_end && follows(begun->flow()) ? begun : Followed{};
}

}  // namespace hopblame::offline
