#include "analysis/compare/turned_away.hpp"

#include <algorithm>

#include "analysis/compare/select.hpp"
#include "analysis/model/services.hpp"

namespace hopblame::compare {
namespace {

/// Of the server's first byte; its own capture tells where the client's lacks the SYN/ACK.
std::optional<std::uint32_t> first_number(const CallPair& pair) {
  const auto* syn_ack = pair.client->syn_ack();
  if (!syn_ack && pair.server) syn_ack = pair.server->syn_ack();
  return syn_ack ? std::optional(segment_of(*syn_ack)->sequence + 1) : std::nullopt;
}

/// The segment that begins what the server says. Null: it says nothing, or the capture lacks it.
const Observation* first_words(const Packets& said, std::uint32_t first) {
  const auto found = std::ranges::find_if(said, [&](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->payload > 0 && !segment->has(tcp_flag::syn) &&
           segment->sequence == first;
  });
  return found == said.end() ? nullptr : *found;
}

bool asked_before(const Call& client, TimePoint at) {
  return std::ranges::any_of(client.there, [&](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->payload > 0 && packet->at < at;
  });
}

std::string_view words_of(const Observation& packet) {
  const auto& text = segment_of(packet)->text;
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

const Observation* if_refusing(const Observation* words, const Call& call) {
  if (!words) return nullptr;
  const auto port = call.flow.destination.port;
  const bool may = may_turn_away(port, asked_before(call, words->at));
  const bool refuses = may ? turns_away(port, words_of(*words)) : says_no(port, words_of(*words));
  return refuses ? words : nullptr;
}

/// The client's capture missed them. Null: they are none.
const Observation* refusal_at_server(const Attempt& attempt) {
  const auto* server = attempt.pair.server;
  const auto* syn_ack = server ? server->syn_ack() : nullptr;
  if (!syn_ack) return nullptr;
  return if_refusing(first_words(server->back, segment_of(*syn_ack)->sequence + 1), *server);
}

}  // namespace

const Observation* refusal_in_words(const CallPair& pair) {
  const auto first = first_number(pair);
  return first ? if_refusing(first_words(pair.client->back, *first), *pair.client) : nullptr;
}

std::optional<AttemptFinding> turned_away(const Attempt& attempt, const Telling& tell) {
  const auto* words = refusal_in_words(attempt.pair);
  if (!words) words = refusal_at_server(attempt);
  if (!words) return {};
  auto said = select(attempt.journeys, Way::back,
                     [&](const Journey& journey) { return &journey.seen() == words; });
  // Offload split or joined it: the server's capture has its bytes in other pieces.
  if (said.empty()) said.push_back({Way::back, Fate::arrived, words, nullptr});
  if (said.front().fate != Fate::arrived && !said.front().taken) return {};
  auto finding = tell.finding(Finding::turned_away, Outcome::closed_early, Way::back, said);
  finding.told = says_it_is_full(words_of(*words)) ? Mechanism::connection_limit
                                                   : Mechanism::accept_then_close;
  return finding;
}

}  // namespace hopblame::compare
