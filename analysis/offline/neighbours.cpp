#include "analysis/offline/neighbours.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"
#include "analysis/offline/as_exchange.hpp"
#include "analysis/offline/soften.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_ports_compared = 64;

/// Who hands the answers of that host over to that client: the end of a hardware address; 0: not
/// known, or not always the same.
std::uint32_t hands_over(std::span<const Arrival> arrivals, const IpAddress& host,
                         const IpAddress& client) {
  std::uint32_t found = 0;
  for (const auto& arrival : arrivals) {
    if (arrival.flow.source() != host || arrival.flow.destination() != client) continue;
    if (arrival.link_from == 0 || (found != 0 && found != arrival.link_from)) return 0;
    found = arrival.link_from;
  }
  return found;
}

/// Where the client in question stands.
class Place {
 public:
  Place(std::span<const Arrival> arrivals, const IpAddress& host, const IpAddress& client,
        const std::vector<Attempt>& sample)
      : arrivals_(arrivals), host_(host), client_(client) {
    for (const auto& attempt : sample) {
      if (client_of(attempt) != client || attempt.unseen) continue;
      const auto limit = attempt.exchange.spec.question.hop_limit;
      if (limit_ && *limit_ != limit) return;
      limit_ = limit;
    }
    link_ = hands_over(arrivals, host, client);
  }

  /// And somebody else may share it.
  [[nodiscard]] bool may_be_shared() const {
    return link_ != 0 && std::ranges::any_of(arrivals_, [&](const Arrival& arrival) {
             return arrival.link_from == link_ && arrival.flow.source() == host_ &&
                    arrival.flow.destination() != client_;
           });
  }
  [[nodiscard]] bool is_shared_by(const Attempt& other) const {
    const auto& client = client_of(other);
    return client != client_ && !other.unseen && other.exchange.spec.question.hop_limit == limit_ &&
           hands_over(arrivals_, host_, client) == link_;
  }

 private:
  static const IpAddress& client_of(const Attempt& attempt) {
    return attempt.exchange.spec.flow.source.address;
  }

  std::span<const Arrival> arrivals_;
  const IpAddress& host_;
  const IpAddress& client_;
  std::optional<HopLimit> limit_;
  std::uint32_t link_ = 0;
};

/// Of a port that accepts: who accepts is the host, as well as a capture can tell.
std::optional<Attempt> accepted(const Book& book, const Target& target, const Place& place) {
  std::size_t looked_at = 0;
  for (auto id = book.first_on_host(target.endpoint.address); id != nothing;) {
    const auto& other = book.targets()[id];
    id = other.next_on_host;
    if (++looked_at > most_ports_compared) break;
    if (other.endpoint == target.endpoint || other.attempts.open == 0) continue;
    for (auto& attempt : book.sample_of(other))
      if (first_of(attempt, ReplyKind::syn_ack) && !attempt.joined && place.is_shared_by(attempt))
        return std::move(attempt);
  }
  return {};
}

}  // namespace

void compare_with_neighbours(Exhibits& exhibits, const Book& book, const Target& target,
                             const std::vector<Attempt>& sample,
                             std::span<const Arrival> arrivals) {
  const auto& host = target.endpoint.address;
  if (!book.knows_more_of(host) || exhibits.walked || exhibits.local || knows_host(exhibits))
    return;
  const Place place(arrivals, host, exhibits.client, sample);
  if (!place.may_be_shared()) return;
  const auto add = [&](const Attempt& attempt, Exchange exchange) {
    exhibits.neighbour = attempt.exchange.spec.flow.source.address;
    exhibits.exchanges.push_back(std::move(exchange));
  };
  if (const auto other = accepted(book, target, place)) {
    exhibits.control_port = other->exchange.spec.flow.destination.port;
    add(*other, exchange_of(*other, Aim::control, enough_hops({*other})));
  }
  for (const auto& echo : book.echoes(host))
    if (!is_limited(echo) && place.is_shared_by(echo)) add(echo, as_passed_on(echo));
  put_in_order(exhibits.exchanges, &Exchange::at);
}

}  // namespace hopblame::offline
