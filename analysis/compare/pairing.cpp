#include "analysis/compare/pairing.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {
namespace {

/// The IP ID of a packet, and what it is.
using Mark = std::tuple<std::uint32_t, int, std::uint32_t>;

/// What most NATs and sequence randomisers leave alone: the options of a SYN and the IP IDs of the
/// client's first packets. One ID alone is shared by chance where there are many calls.
using Shape = std::tuple<Endpoint, Mark, Mark, bool, bool, bool>;

Mark mark_of(const Observation& packet) {
  const auto* segment = segment_of(packet);
  return {packet.ip_id_or_flow_label, segment ? segment->flags & told_apart : 0,
          segment ? segment->payload : 0};
}

std::optional<Shape> shape_of(const Call& call) {
  const auto* syn = call.syn();
  if (!syn || syn->ip_id_or_flow_label == 0) return {};
  const auto& segment = *segment_of(*syn);
  const auto second = call.there.size() > 1 ? mark_of(*call.there[1]) : Mark{};
  return Shape{call.flow.destination, mark_of(*syn),          second,
               segment.timestamps,    segment.sack_permitted, segment.window_scale};
}

/// The numbers of a segment with data, as its sender counts them.
using Numbers = std::tuple<bool, std::uint32_t, std::uint32_t, std::uint32_t>;

template <class Use>
void each_with_data(const Call& call, Use use) {
  for (const auto& way : {&Call::there, &Call::back})
    for (const auto* packet : call.*way)
      if (const auto* segment = segment_of(*packet); segment && segment->payload > 0)
        use(Numbers{way == &Call::there, segment->sequence, segment->acknowledgment,
                    segment->payload});
}

/// Of two calls of one shape: where the clocks can be compared, the server's begins when the
/// client's does; else their second packets follow as soon.
bool are_simultaneous(const Call& client, const Call& server, const Clock& clock) {
  if (clock.offset) return arrives_in_time(clock.at_client(server.begun()) - client.begun(), clock);
  if (client.there.size() < 2) return false;
  const auto pause = [](const Call& call) { return call.there[1]->at - call.there[0]->at; };
  return std::chrono::abs(pause(client) - pause(server)) <= longest_delay;
}

std::optional<std::uint32_t> isn_of(const Call& call) { return call.isn; }
std::optional<std::pair<Flow, std::uint32_t>> flow_and_isn(const Call& call) {
  if (!call.isn) return {};
  return std::pair(call.flow, *call.isn);
}
std::optional<Flow> flow_of(const Call& call) { return call.flow; }

class Pairer {
 public:
  Pairer(const std::vector<Call>& client, const std::vector<Call>& server) {
    for (const auto& call : client) left_.push_back({&call, nullptr});
    for (const auto& call : server) right_.push_back({&call, false});
  }
  /// What another left over.
  explicit Pairer(const Pairing& pairing) {
    for (const auto& pair : pairing.pairs)
      if (!pair.server) left_.push_back({pair.client, nullptr});
    for (const auto* call : pairing.extra) right_.push_back({call, false});
  }

  /// Pairs calls of the same key, where the key is unique at both ends and `fits` agrees.
  template <class KeyOf, class Fits>
  void by(KeyOf key_of, Fits fits) {
    using Key = typename std::invoke_result_t<KeyOf, const Call&>::value_type;
    const auto lefts = unique_by<Key>(
        left_, [&](const Left& left) { return left.partner ? std::nullopt : key_of(*left.call); });
    const auto rights = unique_by<Key>(right_, [&](const Right& right) {
      return right.taken ? std::nullopt : key_of(*right.call);
    });
    auto right = rights.begin();
    for (const auto& [key, left] : lefts) {
      while (right != rights.end() && right->first < key) ++right;
      if (right == rights.end()) return;
      if (right->first == key && fits(*left->call, *right->second->call)) {
        left->partner = right->second->call;
        right->second->taken = true;
      }
    }
  }

  /// Without a SYN at the server, and under other addresses: 64 bits of two numbers are not alike
  /// by chance.
  void by_data() {
    std::map<Numbers, Right*> said;
    for (auto& right : right_)
      if (!right.taken && !right.call->isn)
        each_with_data(*right.call, [&](const Numbers& numbers) { said.emplace(numbers, &right); });
    if (said.empty()) return;
    for (auto& left : left_)
      if (!left.partner)
        each_with_data(*left.call, [&](const Numbers& numbers) {
          const auto found = said.find(numbers);
          if (left.partner || found == said.end() || found->second->taken) return;
          left.partner = found->second->call;
          found->second->taken = true;
        });
  }

  Pairing take() const {
    Pairing pairing;
    for (const auto& left : left_) pairing.pairs.push_back(with_offsets(*left.call, left.partner));
    for (const auto& right : right_)
      if (!right.taken) pairing.extra.push_back(right.call);
    return pairing;
  }

 private:
  /// Those of which no other has the key, in its order.
  template <class Key, class Item, class KeyOf>
  static std::vector<std::pair<Key, Item*>> unique_by(std::vector<Item>& items, KeyOf key_of) {
    std::vector<std::pair<Key, Item*>> all, unique;
    for (auto& item : items)
      if (const auto key = key_of(item)) all.emplace_back(*key, &item);
    std::ranges::sort(all, {}, [](const auto& one) -> const Key& { return one.first; });
    for (auto one = all.begin(); one != all.end();) {
      const auto next = std::find_if(one, all.end(),
                                     [&](const auto& other) { return other.first != one->first; });
      if (next - one == 1) unique.push_back(*one);
      one = next;
    }
    return unique;
  }

  struct Left {
    const Call* call;
    const Call* partner;
  };
  struct Right {
    const Call* call;
    bool taken;
  };

  static CallPair with_offsets(const Call& client, const Call* server) {
    CallPair pair{&client, server, 0, 0};
    if (!server) return pair;
    if (client.isn && server->isn) pair.there = *server->isn - *client.isn;
    const auto *here = client.syn_ack(), *there = server->syn_ack();
    if (here && there) pair.back = segment_of(*here)->sequence - segment_of(*there)->sequence;
    return pair;
  }

  std::vector<Left> left_;
  std::vector<Right> right_;
};

}  // namespace

Pairing pair_calls(const std::vector<Call>& client, const std::vector<Call>& server) {
  Pairer pairer(client, server);
  const auto always = [](const Call&, const Call&) { return true; };
  pairer.by(flow_and_isn, always);
  pairer.by(isn_of, always);   // addresses or ports rewritten
  pairer.by(flow_of, always);  // numbers rewritten, or one capture began in the middle
  pairer.by_data();
  return pairer.take();
}

std::optional<Pairing> pair_rewritten(const Pairing& pairing, const Clock& clock) {
  if (pairing.extra.empty()) return {};
  Pairer pairer(pairing);
  pairer.by(shape_of, [&](const Call& client, const Call& server) {
    return are_simultaneous(client, server, clock);
  });
  auto more = pairer.take();
  if (more.extra.size() == pairing.extra.size()) return {};
  Pairing found{pairing.pairs, std::move(more.extra)};
  auto next = more.pairs.begin();
  for (auto& pair : found.pairs)
    if (!pair.server) pair = *next++;
  return found;
}

}  // namespace hopblame::compare
