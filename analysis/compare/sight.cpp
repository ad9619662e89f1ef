#include "analysis/compare/sight.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hopblame::compare {
namespace {

constexpr unsigned often = 3;  ///< copies that are no chance

/// Its flags are cut off.
bool is_cut_tcp(const Observation& packet) {
  return packet.flow.transport == Transport::tcp && !packet.fragment &&
         std::holds_alternative<Unreadable>(packet.message);
}

void see(OneWay& way, const TcpSegment& segment) {
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  way.service = true;
  way.ends = way.ends || ends;
  const bool syn = segment.has(tcp_flag::syn), plain = !ends && !syn;
  way.syns = way.syns || syn;
  way.plain = way.plain || plain;
  way.bare = way.bare || (plain && segment.payload == 0);
}

void see(OneWay& way, const Observation& packet, std::uint16_t port, const Names& target) {
  way.any = true;
  const auto* segment = std::get_if<TcpSegment>(&packet.message);
  if (segment && target.ports.contains(port)) see(way, *segment);
  way.cut_tcp = way.cut_tcp || (is_cut_tcp(packet) && (port == 0 || target.ports.contains(port)));
  const auto transport = packet.flow.transport;
  way.icmp = way.icmp || transport == Transport::icmp || transport == Transport::icmp6;
  way.cut = way.cut || is_cut(packet);
}

void see(Sight& sight, const Observation& packet, const Names& target) {
  // Who is asked for its link address goes to nobody's port: no filter on a direction shows.
  if (std::holds_alternative<NeighbourMessage>(packet.message)) return;
  const auto &from = packet.flow.source, &to = packet.flow.destination;
  if (target.addresses.contains(to.address)) see(sight.there, packet, to.port, target);
  if (target.addresses.contains(from.address)) see(sight.back, packet, from.port, target);
}

/// Who answers was asked, and who acknowledges was answered: a capture that shows the one of a
/// service and never the other leaves out a direction.
bool leaves_out(const Sight& sight, Way way) {
  const auto &there = sight.there, &back = sight.back;
  return way == Way::there ? shows_answers_only(sight) : there.plain && !back.service;
}

/// What the service says in one connection.
struct Monologue {
  std::map<std::uint32_t, unsigned> copies;  ///< of what has to be acknowledged, by its number
  std::set<std::uint32_t> acknowledged;

  void see(const TcpSegment& segment) {
    acknowledged.insert(segment.acknowledgment);
    if (segment.payload > 0 || segment.has(tcp_flag::fin)) ++copies[segment.sequence];
  }
  /// The same again and again, and nothing new acknowledged: it hears nothing.
  [[nodiscard]] bool is_unheard() const {
    const auto repeated = [](const auto& entry) { return entry.second >= often; };
    return acknowledged.size() == 1 && std::ranges::any_of(copies, repeated);
  }
};

/// Does any connection show that the service hears somebody?
bool hears_any(const Packets& packets, const Names& target) {
  std::map<Flow, Monologue> flows;
  for (const auto* packet : packets) {
    const auto* segment = std::get_if<TcpSegment>(&packet->message);
    const auto& from = packet->flow.source;
    if (!segment || !target.addresses.contains(from.address)) continue;
    if (!target.ports.contains(from.port)) continue;
    if (segment->is_syn_ack()) return true;
    flows[packet->flow].see(*segment);
  }
  return std::ranges::any_of(flows, [](const auto& flow) { return !flow.second.is_unheard(); });
}

/// No connection is without bare acknowledgments: a capture of long packets hides short ones.
bool hides_bare(const Sight& sight) {
  const auto &there = sight.there, &back = sight.back;
  return (there.plain || back.plain) && !there.bare && !back.bare && !there.ends && !back.ends;
}

bool shows_segment(const Sight& sight, const TcpSegment& segment, Way way) {
  if (sight.there.cut_tcp || sight.back.cut_tcp || leaves_out(sight, way)) return false;
  // That others' SYNs are missing too may be what is the matter, but who answers none has no port.
  if (segment.is_syn_ack()) return sight.there.syns || sight.back.syns || !sight.back.service;
  if (segment.has(tcp_flag::syn)) return true;
  const bool ends = segment.is_reset() || segment.has(tcp_flag::fin);
  if (hides_bare(sight) && segment.payload == 0) return false;
  return ends ? !sight.only_syns : !hides_plain(sight);
}

/// And those that tell something of the capture, whoever they are of: the first, and the first cut.
Packets with_first_ones(const Sorted& capture, const Packets& of_target) {
  auto found = of_target;
  const auto& all = capture.side.packets;
  for (const auto* one : {all.empty() ? nullptr : &all.front(), capture.cut}) {
    const auto place = std::ranges::lower_bound(found, one);
    if (one && (place == found.end() || *place != one)) found.insert(place, one);
  }
  return found;
}

}  // namespace

bool is_cut(const Observation& packet) {
  const auto* error = std::get_if<IcmpError>(&packet.message);
  if (!error) return false;
  return !error->quote ||
         (error->quote->flow.transport == Transport::tcp && !error->quote->tcp_sequence);
}

Names names_at_server(const std::vector<CallPair>& pairs, const std::vector<Journey>& met,
                      const Endpoint& target) {
  Names names{{target.address}, {target.port}};
  for (const auto& pair : pairs) {
    if (!pair.server || pair.client->flow.destination != target) continue;
    names.addresses.insert(pair.server->flow.destination.address);
    names.ports.insert(pair.server->flow.destination.port);
  }
  for (const auto& journey : met)
    names.addresses.insert(journey.way == Way::there ? journey.server->flow.destination.address
                                                     : journey.server->flow.source.address);
  return names;
}

Sight sight_of(const Sorted& capture, const Names& target) {
  Sight sight;
  sight.packets = capture.side.packets.size();
  const auto packets = capture.packets.of(target.addresses);
  for (const auto* packet : with_first_ones(capture, packets)) {
    const auto there = sight.there, back = sight.back;
    const bool cut = std::exchange(sight.cut, sight.cut || is_cut(*packet));
    see(sight, *packet, target);
    const bool news = sight.there != there || sight.back != back || sight.cut != cut;
    if (news || sight.examples.empty()) sight.examples.push_back(packet->frame);
  }
  if (sight.back.service && !sight.there.service) sight.back.heard = hears_any(packets, target);
  return sight;
}

bool shows_answers_only(const Sight& sight) {
  return sight.back.service && !sight.there.service && sight.back.heard;
}

bool hides_plain(const Sight& sight) {
  const auto &there = sight.there, &back = sight.back;
  return (there.service || back.service) && !there.plain && !back.plain;
}

bool has_only_syns(const Sight& sight, bool other_got_more) {
  return hides_plain(sight) && !sight.there.ends && !sight.back.ends && other_got_more;
}

bool shows(const Sight& sight, const Observation& like, Way way) {
  const auto& seen = way == Way::there ? sight.there : sight.back;
  if (std::holds_alternative<IcmpError>(like.message)) return seen.icmp && !seen.cut;
  const auto* segment = std::get_if<TcpSegment>(&like.message);
  return seen.any && (!segment || shows_segment(sight, *segment, way));
}

}  // namespace hopblame::compare
