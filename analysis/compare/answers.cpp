#include "analysis/compare/answers.hpp"

#include <algorithm>

#include "analysis/compare/select.hpp"
#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame::compare {
namespace {

bool ends_connect(const Observation& packet) {
  const auto* error = std::get_if<IcmpError>(&packet.message);
  return error && icmp_errno(packet.flow.source.address.family, error->type, error->code) != 0;
}

/// What is said of later segments is no answer to the SYN.
bool may_quote_syn(const Observation& packet, const Call& call) {
  const auto& quote = std::get<IcmpError>(packet.message).quote;
  return !quote || !quote->tcp_sequence || !call.isn || *quote->tcp_sequence == *call.isn;
}

}  // namespace

bool is_time_exceeded(const Observation& packet) {
  const auto* error = std::get_if<IcmpError>(&packet.message);
  const auto type = packet.flow.source.address.family == Family::ipv4 ? 11 : 3;
  return error && error->type == type;
}

bool is_answer(const Journey& journey, const CallPair& pair) {
  if (journey.way != Way::back) return false;
  const auto& packet = journey.seen();
  if (const auto* segment = segment_of(packet)) return segment->is_syn_ack() || segment->is_reset();
  return ends_connect(packet) &&
         may_quote_syn(packet, journey.client ? *pair.client : *pair.server);
}

Outcome outcome_of_icmp(const Observation& packet) {
  const auto& error = std::get<IcmpError>(packet.message);
  const auto family = packet.flow.source.address.family;
  const bool routing = is_routing_code(family, error.type, error.code) &&
                       !is_admin_prohibited(family, error.type, error.code);
  return routing || is_time_exceeded(packet) ? Outcome::unreachable : Outcome::rejected;
}

bool is_acknowledged(const Attempt& attempt, const Journey& answer) {
  const auto number = segment_of(*answer.client)->sequence;
  return std::ranges::any_of(attempt.journeys, [&](const Journey& journey) {
    return journey.way == Way::there && journey.fate == Fate::arrived &&
           acknowledges(*journey.client, number);
  });
}

bool is_disowned(const Attempt& attempt, const Journey& answer) {
  const auto next = segment_of(*answer.client)->sequence + 1;
  return answer.fate == Fate::unshown &&
         std::ranges::any_of(attempt.journeys, [&](const Journey& journey) {
           const auto* segment = journey.server ? segment_of(*journey.server) : nullptr;
           return journey.way == Way::back && segment && segment->is_reset() &&
                  !segment->has(tcp_flag::ack) && segment->sequence == next;
         });
}

bool comes_from_nearer(const Attempt& attempt, const Journey& answer) {
  return attempt.server_limit &&
         return_hops(answer.client->hop_limit) < return_hops(*attempt.server_limit);
}

bool may_be_own(const Attempt& attempt, const Journey& stray) {
  const auto& limit = attempt.server_limit;
  if (limit && return_hops(stray.client->hop_limit) != return_hops(*limit)) return false;
  if (stray.client->flow.source.address != attempt.pair.client->flow.destination.address)
    return false;
  const auto at = std::ranges::find(attempt.journeys, stray.client, &Journey::client);
  return std::none_of(at, attempt.journeys.end(), [](const Journey& journey) {
    return journey.way == Way::back && journey.server && segment_of(*journey.server);
  });
}

const Journey* own_reset(const Attempt& attempt) {
  const auto refuses = [](const Journey& journey) {
    const auto* segment = journey.server ? segment_of(*journey.server) : nullptr;
    return journey.way == Way::back && segment && segment->is_reset() && segment->sequence == 0;
  };
  const auto asks = [](const Journey& journey) {
    const auto* segment = segment_of(journey.seen());
    return journey.way == Way::there && journey.fate == Fate::arrived && segment &&
           segment->is_syn();
  };
  if (std::ranges::none_of(attempt.journeys, asks)) return nullptr;
  const auto found = std::ranges::find_if(attempt.journeys, refuses);
  return found == attempt.journeys.end() ? nullptr : &*found;
}

}  // namespace hopblame::compare
