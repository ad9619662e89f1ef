#include "analysis/offline/other_hosts.hpp"

#include <algorithm>

#include "analysis/offline/signs_of_life.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_targets = 64;  ///< of a larger capture this would be too much work
/// Who polls does so every few seconds: so far apart are the first SYNs in vain of one outage.
constexpr Duration together = std::chrono::seconds(5);

/// Of many attempts not all are kept.
bool is_always_open(const Target& target, const Span& time) {
  return target.attempts.open == target.attempts.total && target.first <= time.until &&
         target.last >= time.from;
}

/// The host's own answer at that time, or about that time where it never failed to answer.
std::optional<FrameId> answer_in(const Target& target, const std::vector<Attempt>& sample,
                                 const IpAddress& client, const Span& time) {
  std::optional<FrameId> about;
  for (const auto& attempt : sample) {
    if (!is_of(attempt, client) || attempt.joined) continue;
    const auto* answer = answer_of_host(attempt.exchange);
    if (answer && time.holds(answer->at)) return answer->frame;
    if (answer) about = answer->frame;
  }
  return is_always_open(target, time) && target.client == client ? about : std::nullopt;
}

bool fell_silent(const Target& target) {
  return target.latest == Outcome::dropped && target.changes == 1 && target.attempts.open > 0;
}

bool fell_silent_together(const Target& one, const Target& other) {
  const auto apart = one.since < other.since ? other.since - one.since : one.since - other.since;
  return fell_silent(one) && fell_silent(other) && apart <= together;
}

FrameId first_in_vain(const std::vector<Attempt>& sample) {
  const auto found = std::ranges::find(sample, std::optional(Outcome::dropped), &Attempt::outcome);
  return found == sample.end() ? FrameId{} : found->exchange.left.front();
}

Evidence answers(const Endpoint& end, FrameId answer) {
  return {say("Meanwhile another host answers this client, port {} of {}: its own end of the way "
              "works.",
              end.port, end.address),
          {answer}};
}

Evidence silent_too(const Endpoint& end, std::size_t hosts, std::vector<FrameId> first) {
  return {
      say("{} other host{} that answered before fell silent to this client within seconds of it, "
          "port {} of {} for one: what is the same for all of them is this end of the way, up "
          "to where the ways part.",
          hosts, plural(hosts), end.port, end.address),
      std::move(first)};
}

}  // namespace

std::vector<Evidence> of_other_hosts(const Book& book, const Target& target,
                                     const std::vector<Attempt>& sample, const IpAddress& client) {
  const auto silence = time_of_silence(target, sample, client, Outcome::dropped);
  if (!silence || book.targets().size() > most_targets) return {};
  const auto asked = asked_in(*silence);
  std::vector<Evidence> found;
  std::vector<IpAddress> silent;
  std::vector<FrameId> first;
  const Endpoint* example = nullptr;
  for (const auto& other : book.targets()) {
    const auto& end = other.endpoint;
    const bool other_host = end.address != target.endpoint.address;
    if (!other_host || end.address.family != client.family) continue;
    const auto others = book.sample_of(other);
    if (found.empty())
      if (const auto answer = answer_in(other, others, client, asked))
        found.push_back(answers(end, *answer));
    if (other.client != client || !fell_silent_together(target, other)) continue;
    if (std::ranges::find(silent, end.address) != silent.end()) continue;
    silent.push_back(end.address);
    first.push_back(first_in_vain(others));
    if (!example) example = &end;
  }
  if (example) found.push_back(silent_too(*example, silent.size(), std::move(first)));
  return found;
}

}  // namespace hopblame::offline
