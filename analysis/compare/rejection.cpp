#include "analysis/compare/rejection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/telling.hpp"
#include "analysis/model/icmp_codes.hpp"

namespace hopblame::compare {
namespace {

/// What it says of sizes is advice to its stack (RFC 1191), which then sends smaller packets; of a
/// better router, too.
bool rejects(const IcmpError& error, Family family) {
  const bool of_size =
      family == Family::ipv4 ? error.type == 3 && error.code == 4 : error.type == 2;
  return !of_size && icmp_errno(family, error.type, error.code) != 0;
}

/// A host answers with the address that was asked.
bool is_of_another(const Observation& packet, const IcmpError& error) {
  return error.quote && error.quote->flow.destination.address != packet.flow.source.address;
}

}  // namespace

const Observation* rejection_of(const Journeys& journeys, Way way) {
  for (const auto& journey : journeys) {
    const auto* packet = way == Way::there ? journey.client : journey.server;
    if (journey.way == way || !packet || journey.fate == Fate::arrived) continue;
    const auto* error = std::get_if<IcmpError>(&packet->message);
    if (!error || !rejects(*error, packet->flow.source.address.family)) continue;
    if (journey.fate == Fate::stranger || is_of_another(*packet, *error)) return packet;
  }
  return nullptr;
}

void tell_rejection(AttemptFinding& finding, const Observation& message, Way way) {
  finding.stranger = message.hop_limit;
  finding.stranger_address = message.flow.source.address;
  auto& cited = way == Way::there ? finding.client_packets : finding.server_packets;
  cited.insert(std::ranges::upper_bound(cited, message.frame), message.frame);
  finding.text +=
      fmt::format(" {} told the {} so with an {}.", to_string(message.flow.source.address),
                  way == Way::there ? "client" : "server", packet_text(message));
}

}  // namespace hopblame::compare
