#include "analysis/compare/telling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"

namespace hopblame::compare {
namespace {

unsigned lost_in(const std::vector<Journey>& about) {
  return static_cast<unsigned>(std::ranges::count(about, Fate::lost, &Journey::fate));
}

/// The same bytes, in how many pieces ever; or packets without data that look alike.
bool are_copies(const std::vector<Journey>& about) {
  const auto same = [&](const Journey& journey) {
    const auto *one = segment_of(about.back().seen()), *other = segment_of(journey.seen());
    const bool data = one && other && one->payload > 0 && other->payload > 0;
    return data ? one->sequence == other->sequence
                : packet_text(about.back().seen()) == packet_text(journey.seen());
  };
  return std::ranges::all_of(about, same);
}

std::string answer_lost_text(const Observation& last, const std::string& what, unsigned lost) {
  const auto* segment = segment_of(last);
  if (!segment || segment->flags != tcp_flag::ack)
    return fmt::format("The server sent its {} {}, and it never arrived at the client.", what,
                       times(lost));
  return fmt::format(
      "The server still holds an older connection of the same ports and answers the SYN with an "
      "ACK of that one. It left {} and never arrived at the client.",
      times(lost));
}

/// Of what nobody looked for it is not known.
std::string data_lost_text(const std::vector<Journey>& about, const char* sender) {
  const auto what = packet_text(about.back().seen());
  const auto lost = lost_in(about);
  if (lost > 0 && are_copies(about))
    return fmt::format("After the handshake the {} left the {} {} and never arrived.", what, sender,
                       times(lost));
  return fmt::format("After the handshake {} packets left the {} of which none {}, the last a {}.",
                     lost > 0 ? lost : about.size(), sender,
                     lost > 0 ? "arrived" : "is known to have arrived", what);
}

std::string sentence(Finding finding, std::optional<Way> way, const std::vector<Journey>& about) {
  const auto& last = about.back().seen();
  const auto lost = lost_in(about);
  const auto what = packet_text(last);
  const bool back = way == Way::back;
  switch (finding) {
    case Finding::answered: return "The SYN arrived, and so did the server's SYN/ACK.";
    case Finding::request_lost:
      return fmt::format("The SYN left the client {} and never arrived at the server.",
                         times(lost));
    case Finding::unanswered:
      return fmt::format("The SYN arrived at the server {}, and the server sent nothing back.",
                         times(about.size()));
    case Finding::answer_lost: return answer_lost_text(last, what, lost);
    case Finding::answer_ignored:
      return fmt::format(
          "The server's SYN/ACK arrived at the client, which went on asking: {} more SYNs.",
          about.size() - 1);
    case Finding::refused_by_server: return "The server itself sent the RST.";
    case Finding::rejected_by_server: return fmt::format("The server itself sent the {}.", what);
    case Finding::reset_instead:
      return fmt::format(
          "The SYN never arrived at the server, and the RST that the client got ({}) was never "
          "sent by it: somebody else answers in its name.",
          limit_text(last));
    case Finding::reset_injected:
      return fmt::format(
          "A RST ({}) arrived at the {} that the {} never sent, while other packets pass: it is "
          "forged.",
          limit_text(last), back ? "client" : "server", back ? "server" : "client");
    case Finding::rejected_on_way:
      return fmt::format("The {} from {} was never sent by the server{}.", what,
                         to_string(last.flow.source.address),
                         lost > 0 ? ", and the SYN never arrived there" : "");
    case Finding::answer_invented:
      return fmt::format(
          "The SYN/ACK that the client got ({}) was never sent by the server: another device "
          "answers in its name.",
          limit_text(last));
    case Finding::closed_by_server:
      return fmt::format("The server itself ended the connection with a {}.", what);
    case Finding::server_silent:
      return "The connection was made at both ends, and the server had nothing to say.";
    case Finding::turned_away:
      return "The server itself took the connection, and its first words are that it does not let "
             "the client in.";
    case Finding::answered_late:
      return "The server's SYN/ACK reached the client when it had given up connecting.";
    case Finding::translated_anew:
      return "On its way the connection got other ports, of which the server knows no connection.";
    case Finding::data_lost: return data_lost_text(about, back ? "server" : "client");
    case Finding::answer_misaddressed:
      return fmt::format(
          "The server's {} arrived at the client with the address {}, which the client did not "
          "ask: its "
          "stack refuses it.",
          what, to_string(last.flow.source.address));
    case Finding::older_connection:
      return fmt::format(
          "The server still holds an older connection of the same ports and answers the SYN with "
          "an ACK of that one. The client's RST, which would end it, left {} and never arrived.",
          times(lost));
    case Finding::data_ignored:
      return fmt::format(
          "After the handshake the same bytes left the {0} {1} and arrived at the {2}, which never "
          "acknowledged them.",
          back ? "server" : "client", times(about.size()), back ? "client" : "server");
    case Finding::not_covered:
      return "It falls outside the time in which both captures ran for certain: nothing is claimed "
             "about the way.";
    case Finding::not_shown:
      return "The other capture shows no packet of this kind at all: it adds nothing.";
    case Finding::unclear: break;
  }
  return "The packets of the two captures could not be matched beyond doubt.";
}

std::string numbers(const char* side, const std::vector<FrameId>& frames) {
  constexpr std::size_t most = 6;
  if (frames.empty()) return {};
  std::string text = fmt::format("{} packet{} ", side, frames.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(most, frames.size()); ++i)
    text += fmt::format("{}{}", i ? ", " : "", frames[i].value);
  if (frames.size() > most) text += fmt::format(" and {} more", frames.size() - most);
  return text;
}

}  // namespace

std::string times(std::size_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}

std::string limit_text(const Observation& packet) {
  const bool v4 = packet.flow.source.address.family == Family::ipv4;
  return fmt::format("{} {}", v4 ? "TTL" : "hop limit", packet.hop_limit.value);
}

std::string packet_text(const Observation& packet) {
  if (const auto* error = std::get_if<IcmpError>(&packet.message))
    return fmt::format("ICMP message ({})",
                       icmp_text(packet.flow.source.address.family, error->type, error->code));
  const auto& segment = *segment_of(packet);
  if (segment.is_reset()) return "RST";
  if (segment.is_syn_ack()) return "SYN/ACK";
  if (segment.is_syn()) return "SYN";
  if (segment.payload > 0) return fmt::format("segment with {} bytes of data", segment.payload);
  return segment.has(tcp_flag::fin) ? "FIN" : "ACK";
}

std::string cited(const std::vector<FrameId>& client, const std::vector<FrameId>& server) {
  const auto here = numbers("client", client), there = numbers("server", server);
  if (here.empty() && there.empty()) return {};
  return fmt::format(" ({}{}{})", here, here.empty() || there.empty() ? "" : "; ", there);
}

AttemptFinding Telling::finding(Finding finding, Outcome outcome, std::optional<Way> way,
                                const std::vector<Journey>& about) const {
  AttemptFinding result;
  result.at_client = pair_.client->flow;
  if (pair_.server) result.at_server = pair_.server->flow;
  result.at = pair_.client->begun();
  result.outcome = outcome;
  result.finding = finding;
  result.way = way;
  result.lost = lost_in(about);
  for (const auto& journey : about) {
    if (journey.client) result.client_packets.push_back(journey.client->frame);
    if (journey.server) result.server_packets.push_back(journey.server->frame);
  }
  result.text = sentence(finding, way, about);
  return result;
}

AttemptFinding Telling::spoiled(Finding finding, Outcome outcome, Way way,
                                const std::vector<Journey>& about) const {
  auto result = this->finding(finding, outcome, way, about);
  const bool back = way == Way::back;
  result.lost = static_cast<unsigned>(about.size());
  result.spoiled = true;
  result.text = fmt::format(
      "The {}{} arrived at the {} {}{} with a wrong TCP checksum, so that its stack drops it "
      "unread: something on the way spoils it, or what sends it (a network card, a driver).",
      back ? "server's " : "", packet_text(about.back().seen()), back ? "client" : "server",
      times(about.size()), about.size() > 1 ? ", each time" : "");
  return result;
}

AttemptFinding Telling::unclear(Outcome outcome, const Journey& about, const char* why) const {
  auto result = unclear(outcome, {about});
  result.text = why;
  return result;
}

}  // namespace hopblame::compare
