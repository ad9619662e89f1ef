// What is known of hosts by pings and datagrams.
#include "analysis/offline/book.hpp"

namespace hopblame::offline {
namespace {

constexpr unsigned most_echoes = 4;  ///< to one address, that were meant to arrive
constexpr unsigned most_steps = 64;
constexpr Duration ping_due = std::chrono::seconds(1);  ///< its answer, by then

}  // namespace

std::vector<Attempt> Book::echoes(const IpAddress& address) const {
  const auto host = find_host(address);
  std::vector<Attempt> echoes;
  if (host == nothing) return echoes;
  shelf_.each(hosts_[host].echoes, ends_of(address), [&](const Trails& trails, const Trail& trail) {
    echoes.push_back(unfolded(trails, trail));
  });
  return echoes;
}

std::vector<IpAddress> Book::walked_hosts() const {
  std::vector<IpAddress> walked;
  for (const auto& host : hosts_)
    if (host.step_count > 0) walked.push_back(host.address);
  return walked;
}

const Pings* Book::pings_to(const IpAddress& address) const {
  const auto host = find_host(address);
  return host == nothing || hosts_[host].pings.asked == 0 ? nullptr : &hosts_[host].pings;
}

/// Of a host that answers some.
void Book::count_ping(const Trail& trail, TimePoint horizon) {
  const bool answered = trail.has(ReplyKind::echo_reply);
  if (trail.kind != ProbeKind::echo || is_limited(trail)) return;
  if (!answered && (trail.answers > 0 || horizon - trail.at < ping_due)) return;
  const auto known = find_host(trail.flow().destination());
  if (known == nothing) return;
  auto& pings = hosts_[known].pings;
  const IpAddress client{trail.key.family, trail.client()};
  if (pings.asked == 0 && answered) pings.client = client;
  if (pings.client == client) pings.add(trail.at, answered);
}

const PingLogs* Book::ping_logs(const IpAddress& address) const {
  const auto host = find_host(address);
  return host == nothing ? nullptr : &hosts_[host].logs;
}

/// Those that may arrive. Who sweeps a network pings hosts without number that are not there.
void Book::log_ping(const Trail& trail, TimePoint horizon) {
  if (is_limited(trail)) return;
  const auto address = trail.flow().destination();
  const IpAddress client{trail.key.family, trail.client()};
  if (trail.answers == 0) {
    const bool full = hosts_.size() >= limits_.pinged_in_vain && find_host(address) == nothing;
    if (!full && horizon - trail.at >= ping_due)
      host_of(address).logs.in_vain.add({client, trail.at, trail.frame, {}});
    return;
  }
  trails_.each_answer(trail, [&](const Answer& answer) {
    const auto* error = std::get_if<Rejection>(&answer.what);
    if (error && error->sender != trail.server()) return;
    auto limit = answer.hop_limit;
    if (trail.passed_on && answer.passed_on) --limit.value;  // as behind the machine of the capture
    host_of(address).logs.answered.add({client, answer.at, answer.frame, limit, answer.kind});
  });
}

/// Pings that arrive, and the steps of walks with pings or datagrams.
void Book::add_echo(const Trail& trail, TimePoint horizon) {
  log_ping(trail, horizon);
  if (trail.answers == 0) return count_ping(trail, horizon);
  if (trail.unseen()) return;  // what came back is logged
  auto& host = host_of(trail.flow().destination());
  count_ping(trail, horizon);
  auto& count = is_limited(trail) ? host.step_count : host.echo_count;
  if (count >= (is_limited(trail) ? most_steps : most_echoes)) return;
  host.echoes = shelf_.put(trails_, trail, ends_of(host.address), host.echoes);
  ++count;
}

}  // namespace hopblame::offline
