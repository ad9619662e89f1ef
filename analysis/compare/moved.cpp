#include "analysis/compare/moved.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

/// Of a segment in the middle of a connection, in the server's numbers.
std::optional<Key> key_of(const Observation& packet, std::uint32_t there, std::uint32_t back) {
  const auto* segment = segment_of(packet);
  if (!segment || !segment->has(tcp_flag::ack)) return {};
  if (segment->is_reset() || segment->has(tcp_flag::syn)) return {};
  return Key{segment->sequence + there, segment->acknowledgment - back, segment->payload};
}

/// Without a SYN, by the first segment of the client in it.
std::map<Key, const Call*> begun_in_the_middle(const Pairing& pairing) {
  std::map<Key, const Call*> found;
  for (const auto* call : pairing.extra)
    if (!call->isn && !call->there.empty())
      if (const auto key = key_of(*call->there.front(), 0, 0)) found.emplace(*key, call);
  return found;
}

/// The part that the pair has not got. Null: none. It follows all that the server got before, else
/// it is a copy: the same connection as a machine passes it on.
const Call* rest_of(const CallPair& pair, const std::map<Key, const Call*>& rests) {
  if (!pair.server || pair.server->there.empty()) return nullptr;
  for (const auto* packet : pair.client->there) {
    const auto key = key_of(*packet, pair.there, pair.back);
    const auto rest = key ? rests.find(*key) : rests.end();
    if (rest == rests.end()) continue;
    const auto& call = *rest->second;
    if (call.flow.destination == pair.server->flow.destination &&
        call.begun() >= pair.server->there.back()->at)
      return &call;
  }
  return nullptr;
}

void join(Call& call, const Call& rest) {
  call.moved_to = rest.flow;
  for (const auto way : {&Call::there, &Call::back}) {
    auto& packets = call.*way;
    packets.insert(packets.end(), (rest.*way).begin(), (rest.*way).end());
    std::ranges::stable_sort(packets, {}, &Observation::at);
  }
}

Journeys under(const Attempt& attempt, const Flow& flow, Way way) {
  const auto& as_sent = way == Way::there ? flow : flow.reversed();
  return select(attempt.journeys, way, [&](const Journey& journey) {
    return journey.server && journey.server->flow == as_sent && segment_of(*journey.server);
  });
}

/// How long the client had said nothing before.
Duration pause_before(const Attempt& attempt, const Observation& first) {
  auto before = first.at;
  for (const auto* packet : attempt.pair.client->there)
    if (packet->at < first.at) before = packet->at;
  return first.at - before;
}

std::string text_of(const Attempt& attempt, const Journeys& said, bool reset) {
  const auto &old = attempt.pair.server->flow.source, &now = attempt.pair.server->moved_to->source;
  return fmt::format(
      "The {} arrived at the server from {} port {}, as of another connection: those before it "
      "came from {} port {}. An address translation (NAT) on the way has forgotten the connection "
      "and began it anew; nothing had been said for {:.1f} s. The server knows none of that port: "
      "{}.",
      packet_text(said.front().seen()), to_string(now.address), now.port, to_string(old.address),
      old.port, seconds(pause_before(attempt, *said.front().client)),
      reset ? "its own stack answers with the RST" : "it does not answer");
}

}  // namespace

void rejoin_moved(std::vector<Call>& far, Pairing& pairing) {
  const auto rests = begun_in_the_middle(pairing);
  if (rests.empty()) return;
  for (const auto& pair : pairing.pairs) {
    const auto* rest = rest_of(pair, rests);
    if (!rest || std::erase(pairing.extra, rest) == 0) continue;
    join(far[static_cast<std::size_t>(pair.server - far.data())], *rest);
  }
}

std::optional<AttemptFinding> translated_anew(const Attempt& attempt, const Telling& tell) {
  const auto* server = attempt.pair.server;
  if (!server || !server->moved_to) return {};
  auto about = under(attempt, *server->moved_to, Way::there);
  std::erase_if(about, [](const Journey& journey) { return journey.fate != Fate::arrived; });
  const auto answers = under(attempt, *server->moved_to, Way::back);
  if (about.empty() || !std::ranges::all_of(answers, is_reset)) return {};
  const bool heard = std::ranges::count(answers, Fate::arrived, &Journey::fate) > 0;
  const auto text = text_of(attempt, about, !answers.empty());
  about.insert(about.end(), answers.begin(), answers.end());
  auto finding =
      tell.finding(Finding::translated_anew,
                   heard ? Outcome::closed_early : Outcome::silent_service, Way::there, about);
  finding.text = text;
  finding.small_lost = true;  // to the connection: no size would have helped
  return finding;
}

}  // namespace hopblame::compare
