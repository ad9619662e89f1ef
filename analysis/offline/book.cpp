#include "analysis/offline/book.hpp"

#include <algorithm>

#include "analysis/offline/flow_hash.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_echoes = 4;

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
bool alike(const Attempt& one, const Attempt& other) {
  const auto &a = one.exchange.spec.question, &b = other.exchange.spec.question;
  const bool same_step = !is_limited(one) || a.hop_limit == b.hop_limit;
  return a.kind == b.kind && is_limited(one) == is_limited(other) && same_step &&
         one.outcome == other.outcome;
}

}  // namespace

const std::vector<std::size_t>& Book::of_address(const IpAddress& address) const {
  static const std::vector<std::size_t> none;
  const auto host = hosts_.find(address);
  return host == hosts_.end() ? none : host->second.targets;
}

const std::vector<Attempt>& Book::echoes(const IpAddress& address) const {
  static const std::vector<Attempt> none;
  const auto host = hosts_.find(address);
  return host == hosts_.end() ? none : host->second.echoes;
}

std::size_t Book::EndpointHash::operator()(const Endpoint& end) const {
  return FlowHash{}({Transport::tcp, {}, end});
}

Target* Book::target_of(const Flow& flow) {
  const auto known = index_.find(flow.destination);
  if (known != index_.end()) return &targets_[known->second];
  if (targets_.size() >= limits_.targets) return nullptr;
  index_.emplace(flow.destination, targets_.size());
  hosts_[flow.destination.address].targets.push_back(targets_.size());
  auto& target = targets_.emplace_back();
  target.endpoint = flow.destination;
  target.client = flow.source.address;
  return &target;
}

void Book::count(Target& target, const Attempt& attempt, Outcome outcome) {
  const auto at = attempt.exchange.at;
  hopblame::count(target.attempts, outcome);
  if (!target.latest) target.first = target.last = target.since = at;
  target.first = std::min(target.first, at);
  target.last = std::max(target.last, at);
  // What the end of the capture cut off says nothing about what came before.
  if (target.latest && outcome == Outcome::inconclusive) return;
  const bool known = target.latest && target.latest != Outcome::inconclusive;
  if (known && *target.latest != outcome) {
    ++target.changes;
    target.since = at;
  }
  target.latest = outcome;
  if (!target.worst || is_worse(outcome, *target.worst)) target.worst = outcome;
}

void Book::settle() {
  for (auto& target : targets_) {
    if (target.latest) continue;
    const auto arrives = [&](const Attempt& attempt) {
      return attempt.exchange.spec.question.kind == ProbeKind::syn &&
             !attempt.exchange.answered() &&
             attempt.exchange.spec.question.hop_limit.value >= enough_hops(target.sample);
    };
    const auto found = std::ranges::find_if(target.sample, arrives);
    if (found != target.sample.end()) count(target, *found, Outcome::dropped);
  }
}

void Book::keep(Target& target, Attempt&& attempt) {
  const auto room = is_limited(attempt) ? limits_.kept_of_step : limits_.kept_of_outcome;
  Attempt* newest = nullptr;
  std::size_t count = 0;
  for (auto& other : target.sample) {
    if (!alike(other, attempt)) continue;
    ++count;
    newest = &other;
  }
  if (count >= room) {  // the newest of its kind takes the last place
    *newest = std::move(attempt);
  } else if (kept_ < limits_.kept || target.sample.empty()) {
    ++kept_;
    target.sample.push_back(std::move(attempt));
  }
}

void Book::add(Attempt&& attempt, TimePoint horizon) {
  const auto kind = attempt.exchange.spec.question.kind;
  if (kind == ProbeKind::echo) {
    auto& echoes = hosts_[attempt.exchange.spec.flow.destination.address].echoes;
    if (attempt.exchange.answered() && echoes.size() < most_echoes)
      echoes.push_back(std::move(attempt));
    return;
  }
  const auto outcome = attempt.outcome = outcome_of(attempt, horizon);
  if (attempt.joined && !outcome) return;
  if (kind == ProbeKind::ack && !attempt.exchange.answered()) return;
  auto* target = target_of(attempt.exchange.spec.flow);
  if (!target) {
    ++left_out_;
    return;
  }
  if (outcome) count(*target, attempt, *outcome);
  target->seen = target->seen || attempt.exchange.answered();
  target->question_unseen = target->question_unseen || attempt.unseen;
  target->answer_unseen = target->answer_unseen || attempt.answer_unseen;
  target->repeated = target->repeated || attempt.exchange.left.size() > 1;
  target->misfits += attempt.misfits;
  target->ended = std::max(target->ended, attempt.touched);
  if (attempt.exchange.spec.flow.source.address != target->client) {
    target->several_clients = true;
    const bool is_new =
        std::ranges::find(target->sample, outcome, &Attempt::outcome) == target->sample.end();
    if (!is_new || is_limited(attempt)) return;
  }
  keep(*target, std::move(attempt));
}

}  // namespace hopblame::offline
