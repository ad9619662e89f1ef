#include "analysis/offline/book.hpp"

#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

constexpr unsigned most_echoes = 4;

/// The first is the worst: what a reader wants to see on top.
constexpr std::array worst_first{
    Outcome::dropped,      Outcome::refused,        Outcome::rejected,     Outcome::unreachable,
    Outcome::closed_early, Outcome::silent_service, Outcome::intermittent, Outcome::inconclusive,
    Outcome::local,        Outcome::open,
};

bool is_worse(Outcome one, Outcome other) {
  return std::ranges::find(worst_first, one) < std::ranges::find(worst_first, other);
}

/// A sample of a kind, not of everything: what a step of a walk met, or how an attempt ended.
bool alike(const Trail& one, const Trail& other) {
  const bool same_step = !is_limited(one) || one.hop_limit == other.hop_limit;
  return one.kind == other.kind && is_limited(one) == is_limited(other) && same_step &&
         one.outcome == other.outcome;
}

/// Which of all kinds are remembered to be full: how plain SYNs ended, and steps that passed.
struct Shelf {
  std::uint16_t outcome = 0;
  std::uint32_t step = 0;
};

Shelf shelf_of(const Trail& trail) {
  if (trail.kind != ProbeKind::syn) return {};
  if (is_limited(trail)) {
    const bool counted = trail.outcome || trail.hop_limit.value == 0;
    return {0, counted ? 0 : std::uint32_t{1} << (trail.hop_limit.value - 1)};
  }
  if (!trail.outcome) return {};
  return {static_cast<std::uint16_t>(1u << static_cast<unsigned>(*trail.outcome)), 0};
}

}  // namespace

PoolId Book::find_host(const IpAddress& address) const {
  return by_address_.find(hash_(Endpoint{address, 0}),
                          [&](PoolId id) { return hosts_[id].address == address; });
}

PoolId Book::first_on_host(const IpAddress& address) const {
  const auto host = find_host(address);
  return host == nothing ? nothing : hosts_[host].first;
}

Book::Host& Book::host_of(const IpAddress& address) {
  const auto known = find_host(address);
  if (known != nothing) return hosts_[known];
  by_address_.insert(hash_(Endpoint{address, 0}), static_cast<PoolId>(hosts_.size()));
  return hosts_.emplace_back(Host{address});
}

std::vector<Attempt> Book::unfolded_from(TrailId newest) const {
  std::vector<Attempt> attempts;
  for (auto id = newest; id != nothing; id = trails_[id].next)
    attempts.push_back(unfolded(trails_, trails_[id]));
  return attempts;
}

std::vector<Attempt> Book::echoes(const IpAddress& address) const {
  const auto host = find_host(address);
  return host == nothing ? std::vector<Attempt>{} : unfolded_from(hosts_[host].echoes);
}

std::vector<Attempt> Book::sample_of(const Target& target) const {
  auto sample = unfolded_from(target.sample);
  std::ranges::move(unfolded_from(target.steps), std::back_inserter(sample));
  std::ranges::stable_sort(sample, {}, [](const Attempt& attempt) { return attempt.exchange.at; });
  return sample;
}

Target& Book::new_target(const Flow& flow, std::uint64_t hash) {
  const auto id = static_cast<PoolId>(targets_.size());
  by_endpoint_.insert(hash, id);
  auto& host = host_of(flow.destination.address);
  (host.last == nothing ? host.first : targets_[host.last].next_on_host) = id;
  host.last = id;
  auto& target = targets_.emplace_back();
  target.endpoint = flow.destination;
  target.client = flow.source.address;
  return target;
}

Target* Book::target_of(const DirectedKey& key) {
  const auto flow = key.flow();
  const auto hash = hash_(flow.destination);
  const auto known =
      by_endpoint_.find(hash, [&](PoolId id) { return targets_[id].endpoint == flow.destination; });
  if (known != nothing) return &targets_[known];
  return targets_.size() < limits_.targets ? &new_target(flow, hash) : nullptr;
}

void Book::count(Target& target, const Trail& trail, Outcome outcome) {
  hopblame::count(target.attempts, outcome);
  if (!target.latest) target.first = target.last = target.since = trail.at;
  target.first = std::min(target.first, trail.at);
  target.last = std::max(target.last, trail.at);
  // What the end of the capture cut off says nothing about what came before.
  if (target.latest && outcome == Outcome::inconclusive) return;
  const bool known = target.latest && target.latest != Outcome::inconclusive;
  if (known && *target.latest != outcome) {
    ++target.changes;
    target.since = trail.at;
  }
  target.latest = outcome;
  if (!target.worst || is_worse(outcome, *target.worst)) target.worst = outcome;
}

void Book::settle() {
  for (auto& target : targets_) {
    if (target.latest) continue;
    const auto enough = enough_hops(sample_of(target));
    const Trail* arrives = nullptr;
    each_kept(target, [&](const Trail& trail) {
      const bool in_vain = trail.kind == ProbeKind::syn && trail.answers == 0;
      if (in_vain && trail.hop_limit.value >= enough && (!arrives || trail.at < arrives->at))
        arrives = &trail;
    });
    if (arrives) count(target, *arrives, Outcome::dropped);
  }
}

/// The newest of its kind takes the last place. It stands first, and so what comes often is found
/// without a walk.
void Book::keep(Target& target, TrailId id) {
  auto& trail = trails_[id];
  auto& newest = is_limited(trail) ? target.steps : target.sample;
  const auto room = is_limited(trail) ? limits_.kept_of_step : limits_.kept_of_outcome;
  const auto shelf = shelf_of(trail);
  const bool full = (target.full & shelf.outcome) != 0 || (target.full_steps & shelf.step) != 0;
  TrailId* found = nullptr;
  std::size_t count = 0;
  for (auto* link = &newest; *link != nothing; link = &trails_[*link].next) {
    if (!alike(trails_[*link], trail)) continue;
    ++count;
    if (!found) found = link;
    if (full || count >= room) break;
  }
  if (count >= room) {
    target.full |= shelf.outcome;
    target.full_steps |= shelf.step;
  }
  const bool no_room = full || count >= room || (kept_ >= limits_.kept && count > 0);
  if (no_room) {
    const auto old = *found;
    *found = trails_[old].next;
    trails_.give_back(old);
  } else {
    ++kept_;
  }
  trail.next = newest;
  newest = id;
}

void Book::add_echo(TrailId id) {
  auto& trail = trails_[id];
  auto& host = host_of(trail.flow.destination());
  if (trail.answers == 0 || host.echo_count >= most_echoes) return trails_.give_back(id);
  trail.next = host.echoes;
  host.echoes = id;
  ++host.echo_count;
}

/// Of other clients than the first one only what says something new.
bool Book::is_news(const Target& target, const Trail& trail) const {
  if (trail.flow.source() == target.client) return true;
  if (is_limited(trail)) return false;
  for (auto id = target.sample; id != nothing; id = trails_[id].next)
    if (trails_[id].outcome == trail.outcome) return false;
  return true;
}

void Book::add(TrailId id, TimePoint horizon) {
  auto& trail = trails_[id];
  if (trail.kind == ProbeKind::echo) return add_echo(id);
  trail.outcome = outcome_of(trails_, trail, horizon);
  const bool no_attempt =
      (trail.joined && !trail.outcome) || (trail.kind == ProbeKind::ack && trail.answers == 0);
  if (no_attempt) return trails_.give_back(id);
  auto* target = target_of(trail.flow);
  if (!target) {
    ++left_out_;
    return trails_.give_back(id);
  }
  if (trail.outcome) count(*target, trail, *trail.outcome);
  target->seen = target->seen || trail.answers > 0;
  target->question_unseen = target->question_unseen || trail.unseen;
  target->answer_unseen = target->answer_unseen || trail.answer_unseen;
  target->repeated = target->repeated || trail.copies > 1;
  target->misfits += trail.misfits;
  target->ended = std::max(target->ended, trail.touched);
  if (trail.flow.source() != target->client) target->several_clients = true;
  if (is_news(*target, trail)) return keep(*target, id);
  trails_.give_back(id);
}

}  // namespace hopblame::offline
