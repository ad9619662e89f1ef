#include "analysis/offline/book.hpp"

#include <bit>
#include <utility>

#include "analysis/model/in_order.hpp"
#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

/// What became of a copy is told by the original; what works needs no explanation. Seldom asked, so
/// not in one piece with the rest.
[[gnu::noinline]] void drop(Trails& trails, TrailId id) {
  const auto& trail = trails[id];
  if (trail.translated && trail.talking) trails.forwards().forget(trail.sequence);
  trails.give_back(id);
}

void add_reset_texts(const ResetTexts& texts, Attempt& attempt) {
  for (auto& reply : attempt.exchange.replies)
    if (const auto* text = reply.segment ? texts.find(reply.frame) : nullptr)
      reply.segment->text = *text;
}

/// Two numbers each: a call that compares sixteen bytes costs more.
bool same(const AddressBytes& one, const AddressBytes& other) {
  const auto words = [](const AddressBytes& bytes) {
    return std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
  };
  const auto mine = words(one), theirs = words(other);
  return mine[0] == theirs[0] && mine[1] == theirs[1];
}

}  // namespace

PoolId Book::find_host(const IpAddress& address) const {
  return host_by_address_.find(hash_(address),
                               [&](PoolId id) { return hosts_[id].address == address; });
}

PoolId Book::first_on_host(const IpAddress& address) const {
  return by_address_.find(hash_(address),
                          [&](PoolId id) { return targets_[id].endpoint.address == address; });
}

Book::Host& Book::host_of(const IpAddress& address) {
  const auto known = find_host(address);
  if (known != nothing) return hosts_[known];
  host_by_address_.insert(hash_(address), static_cast<PoolId>(hosts_.size()));
  auto& host = hosts_.add();
  host.address = address;
  return host;
}

std::vector<Attempt> Book::sample_of(const Target& target) const {
  std::vector<Attempt> sample;
  each_kept(target, [&](const Trails& trails, const Trail& trail) {
    sample.push_back(unfolded(trails, trail));
    sample.back().forward = forward_of(trail);
    add_reset_texts(trails_.reset_texts(), sample.back());
  });
  put_in_order(sample, [](const Attempt& attempt) { return attempt.exchange.at; });
  return sample;
}

/// Numbers come again, in the long run.
const Forward* Book::forward_of(const Trail& trail) const {
  const auto* forward = trails_.forwards().find(trail.sequence);
  return forward && forward->client == trail.flow().flow().source ? forward : nullptr;
}

Target& Book::new_target(const Trail& trail, std::uint64_t hash, PoolId first) {
  const auto id = static_cast<PoolId>(targets_.size());
  auto& target = targets_.add();
  target.endpoint = {{trail.key.family, trail.server()}, trail.server_port()};
  target.client = {trail.key.family, trail.client()};
  if (first == nothing) {
    by_address_.insert(hash, id);
    return target;
  }
  by_endpoint_.insert(hash_(target.endpoint), id);
  auto& last = host_of(target.endpoint.address).last;
  targets_[last == nothing ? first : last].next_on_host = id;
  last = id;
  return target;
}

/// Most addresses have one target.
Target* Book::target_of(const Trail& trail, const Pending& pending) {
  const auto is_there = [&](const Target& target) {
    const auto& address = target.endpoint.address;
    return same(address.bytes, trail.server()) && address.family == trail.key.family;
  };
  const auto is_it = [&](const Target& target) {
    return target.endpoint.port == trail.server_port() && is_there(target);
  };
  if (pending.target != nullptr && is_it(*pending.target)) return pending.target;
  const auto first =
      by_address_.find(pending.hash, [&](PoolId id) { return is_there(targets_[id]); });
  if (first != nothing) {
    if (is_it(targets_[first])) return &targets_[first];
    const auto other =
        by_endpoint_.find(hash_(trail.key.family, trail.server(), trail.server_port()),
                          [&](PoolId id) { return is_it(targets_[id]); });
    if (other != nothing) return &targets_[other];
  }
  return targets_.size() < limits_.targets ? &new_target(trail, pending.hash, first) : nullptr;
}

void Book::settle() {
  file_pending();
  for (auto& target : targets_) {
    if (target.latest) continue;
    const auto enough = enough_hops(sample_of(target));
    std::optional<Trail> arrives;
    each_kept(target, [&](const Trails&, const Trail& trail) {
      const bool in_vain = trail.kind == ProbeKind::syn && trail.answers == 0;
      if (in_vain && trail.hop_limit.value >= enough && (!arrives || trail.at < arrives->at))
        arrives = trail;
    });
    if (arrives) count(target, *arrives, Outcome::dropped);
  }
}

const Session* Book::session_with(const IpAddress& address) const {
  const auto host = find_host(address);
  return host == nothing || !hosts_[host].session ? nullptr : &*hosts_[host].session;
}

void Book::add_session(const Trail& trail) {
  const auto session = session_of(trails_, trail);
  if (!session) return;
  auto& known = host_of(trail.flow().destination()).session;
  if (!known || known->length() < session->length()) known = session;
}

/// Of other clients than the first one only what says something new. That one connection is half
/// made is no news, that many are is.
bool Book::is_news(const Target& target, const Trail& trail) {
  if (is_limited(trail)) return false;
  if (!trail.outcome) return true;
  const auto enough = *trail.outcome == Outcome::inconclusive ? 3 : 1;
  return target.kept[static_cast<std::size_t>(*trail.outcome)] < enough;
}

void Book::add(TrailId id, TimePoint horizon) {
  auto& trail = trails_[id];
  if (trail.kind == ProbeKind::echo || trail.kind == ProbeKind::udp) {
    add_echo(trail, horizon);
    return trails_.give_back(id);
  }
  trail.outcome = outcome_of(trails_, trail, horizon);
  if (trail.joined && !trail.outcome) add_session(trail);
  // A SYN/ACK that nobody asked for and that its receiver disowned is nobody's either.
  const bool unwanted = trail.unseen() && trail.own_reset;
  const bool no_attempt = unwanted || (trail.joined && !trail.outcome) ||
                          (trail.kind != ProbeKind::syn && trail.answers == 0);
  if (no_attempt || trail.translated) return drop(trails_, id);
  const auto hash = hash_(trail.key.family, trail.server());
  by_address_.prefetch(hash);
  trails_.prefetch_rest(trail);
  file(std::exchange(pending_[turn_], {id, hash}));
  turn_ = (turn_ + 1) % pending_.size();
  fetch_target(pending(12));  // where each is found stands in the one before
  fetch_extra(pending(8));
  fetch_fates(pending(4));
}

void Book::fetch_target(Pending& soon) {
  const auto target = by_address_.guess(soon.hash);
  if (target == nothing) return;
  soon.target = &targets_[target];
  fetch_whole(*soon.target);
}

void Book::fetch_extra(const Pending& soon) const {
  if (soon.target != nullptr && soon.target->extra != nothing)
    fetch_ahead(&extras_[soon.target->extra]);
}

void Book::fetch_fates(const Pending& soon) const {
  if (soon.target == nullptr || soon.target->extra == nothing) return;
  const auto fates = extras_[soon.target->extra].fates;
  if (fates != nothing) fetch_whole(fates_[fates]);
}

void Book::fetch(std::size_t target) const { fetch_whole(targets_[target]); }

void Book::fetch_kept(std::size_t id) const {
  const auto& target = targets_[id];
  host_by_address_.prefetch(hash_(target.endpoint.address));
  for (const auto newest : {target.sample, steps_of(target)})
    if (newest != nothing) shelf_.prefetch(newest);
}

void Book::file_pending() {
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    file(std::exchange(pending_[turn_], {}));
    turn_ = (turn_ + 1) % pending_.size();
  }
}

void Book::file(const Pending& pending) {
  if (pending.id == nothing) return;
  const auto& trail = trails_[pending.id];
  if (auto* target = target_of(trail, pending))
    file(*target, trail);
  else
    ++left_out_;
  trails_.give_back(pending.id);
}

void Book::file(Target& target, const Trail& trail) {
  const bool same_client = same(trail.client(), target.client.bytes);
  if (!same_client || target.several_clients) note_client(target, trail);
  note(target, trail);
  if (!same_client && !is_news(target, trail)) return;
  if (is_let_in_late(trail) && is_full(target, trail))
    keep_late(target, trail);
  else if (!is_one_too_many(target, trail))
    keep(target, trail);
}

}  // namespace hopblame::offline
