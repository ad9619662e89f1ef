#include "analysis/compare/rejection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/telling.hpp"
#include "analysis/model/icmp_codes.hpp"
#include "analysis/model/tcp_limits.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/oversize.hpp"

namespace hopblame::compare {
namespace {

/// A host answers with the address that was asked.
bool is_of_another(const Observation& packet, const IcmpError& error) {
  return error.quote && error.quote->flow.destination.address != packet.flow.source.address;
}

const char* sender_of(Way way) { return way == Way::there ? "client" : "server"; }

void told_by(AttemptFinding& finding, const Observation& message) {
  finding.stranger = message.hop_limit;
  finding.stranger_address = message.flow.source.address;
}

void cite(AttemptFinding& finding, const Observation& message, Way way) {
  auto& cited = way == Way::there ? finding.client_packets : finding.server_packets;
  cited.insert(std::ranges::upper_bound(cited, message.frame), message.frame);
}

std::uint32_t mtu_of(const Observation& message) {
  return std::get<IcmpError>(message.message).mtu.value_or(0);
}

std::vector<const Observation*> size_messages(const Journeys& journeys, Way way) {
  std::vector<const Observation*> found;
  for (const auto& journey : journeys) {
    const auto* packet = at_sender(journey, way);
    const auto* error = packet ? std::get_if<IcmpError>(&packet->message) : nullptr;
    if (journey.way != way && error && error->mtu) found.push_back(packet);
  }
  if (found.empty()) return found;
  // One that was heeded leads to the next small link.
  const auto mtu = mtu_of(*found.back());
  std::erase_if(found, [&](const Observation* one) { return mtu_of(*one) != mtu; });
  return found;
}

}  // namespace

bool is_rejection(const IcmpError& error, Family family) {
  const bool of_size =
      family == Family::ipv4 ? error.type == 3 && error.code == 4 : error.type == 2;
  return !of_size && icmp_errno(family, error.type, error.code) != 0;
}

Mechanism mechanism_of(const Observation& message) {
  const auto& error = std::get<IcmpError>(message.message);
  return mechanism_of_rejection(message.flow.source.address.family, error.type, error.code);
}

const Observation* rejection_of(const Journeys& journeys, Way way, TimePoint since) {
  for (const auto& journey : journeys) {
    const auto* packet = at_sender(journey, way);
    if (journey.way == way || !packet || journey.fate == Fate::arrived) continue;
    if (packet->at < since) continue;
    const auto* error = std::get_if<IcmpError>(&packet->message);
    if (!error || !is_rejection(*error, packet->flow.source.address.family)) continue;
    if (journey.fate == Fate::stranger || is_of_another(*packet, *error)) return packet;
  }
  return nullptr;
}

/// Its sender names itself. A host of several addresses may do so with one that was not asked: it
/// sends that from where the second capture was taken, over as many routers as all that it sends.
bool is_of_router(const Attempt& attempt, const Journey& message) {
  const auto& got = *message.client;
  if (!is_of_another(got, std::get<IcmpError>(got.message))) return false;
  const auto& limit = attempt.server_limit;
  const bool like_the_server = limit && return_hops(got.hop_limit) == return_hops(*limit) &&
                               could_come_over(message.server->hop_limit, 0);
  return !like_the_server;
}

AttemptFinding rejected_beyond(const Telling& tell, Outcome outcome, const Journey& message) {
  auto finding = tell.finding(Finding::rejected_on_way, outcome, Way::back, {message});
  told_by(finding, *message.client);
  finding.told = mechanism_of(*message.client);
  finding.rejected_beyond = true;
  finding.text = fmt::format(
      "The {} is of {}, which is not who was asked. Both captures show it: it was sent from where "
      "the second was taken, or from beyond.",
      packet_text(*message.client), to_string(*finding.stranger_address));
  return finding;
}

void tell_rejection(AttemptFinding& finding, const Observation& message, Way way) {
  told_by(finding, message);
  finding.told = mechanism_of(message);
  cite(finding, message, way);
  finding.text +=
      fmt::format(" {} told the {} so with an {}.", to_string(message.flow.source.address),
                  sender_of(way), packet_text(message));
}

void tell_too_big(AttemptFinding& finding, const Journeys& journeys, const Journeys& lost) {
  const auto way = lost.front().way;
  const auto messages = size_messages(journeys, way);
  const auto* first = at_sender(lost.front(), way);
  // Who heeds such a message once sends smaller packets. What was on its way by then, or is sent
  // again at once, is still as large.
  if (messages.size() < 2 || messages.back()->at < first->at + shortest_repetition) return;
  told_by(finding, *messages.front());
  finding.too_big = true;
  for (const auto* message : messages) cite(finding, *message, way);
  finding.text += fmt::format(
      " {} told the {} {} times that packets of more than {} bytes do not fit the link behind it, "
      "and the {} went on sending the same: it never gets the message, or does not heed it.",
      to_string(*finding.stranger_address), sender_of(way), messages.size(),
      mtu_of(*messages.front()), sender_of(way));
}

}  // namespace hopblame::compare
