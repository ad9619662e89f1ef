#include "analysis/compare/matched.hpp"

#include <algorithm>

#include "analysis/compare/moved.hpp"
#include "analysis/compare/seen_again.hpp"

namespace hopblame::compare {
namespace {

const Observation* first_cut(std::span<const Observation> packets) {
  const auto found = std::ranges::find_if(packets, is_cut);
  return found == packets.end() ? nullptr : &*found;
}

Torn torn_in(const Side& side) {
  return {side.torn, std::ranges::any_of(side.packets, &Observation::fragment)};
}

}  // namespace

Sorted::Sorted(const Side& capture, End end, std::uint64_t seed)
    : side(capture),
      calls(calls_of(capture.packets, end, seed)),
      packets(capture.packets, calls, seed),
      cut(first_cut(capture.packets)),
      torn(torn_in(capture)) {}

Matched::Matched(const Side& at_client, const Side& at_server, std::uint64_t seed)
    : client(at_client, End::client, seed),
      server(at_server, End::server, seed),
      pairing(pair_calls(client.calls, server.calls)),
      datagrams(same_datagrams(at_client, at_server)),
      passed_on(syns_passed_on(at_server.packets)),
      is_passed_on_at_client(std::ranges::any_of(
          client.calls, [](const Call& call) { return call.passed_on.has_value(); })) {
  rejoin_moved(server.calls, pairing);
  for (std::uint32_t i = 0; i < pairing.pairs.size(); ++i)
    pairs_of_[pairing.pairs[i].client->flow.destination.address].push_back(i);
  for (const auto& call : server.calls) by_flow_.push_back(&call);
  std::ranges::stable_sort(by_flow_, {},
                           [](const Call* call) -> const Flow& { return call->flow; });
}

std::vector<CallPair> Matched::pairs_to(const IpAddress& target) const {
  std::vector<CallPair> found;
  if (const auto known = pairs_of_.find(target); known != pairs_of_.end())
    for (const auto i : known->second) found.push_back(pairing.pairs[i]);
  return found;
}

std::span<const Call* const> Matched::of_flow_at_server(const Flow& flow) const {
  const auto flow_of = [](const Call* call) -> const Flow& { return call->flow; };
  const auto first = std::ranges::lower_bound(by_flow_, flow, {}, flow_of);
  const auto last = std::ranges::upper_bound(by_flow_, flow, {}, flow_of);
  return {first, last};
}

}  // namespace hopblame::compare
