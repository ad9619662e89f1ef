#include "src/report/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame {
namespace {

/// The one to blame may never have answered, as a dead gateway.
std::vector<IpAddress> unheard(const Where& where, unsigned distance) {
  const bool here = where.first_hop == where.last_hop && where.first_hop == distance;
  if (!here || !where.address) return {};
  return {*where.address};
}

}  // namespace

Lanes::Lanes(const ReportInput& input)
    : local_(input.run.facts.vantage.local),
      destination_(input.analysis.path.distance.destination) {
  const Where& where = input.analysis.verdict.culprit.where;
  for (const Hop& hop : input.analysis.path.hops) {
    auto addresses = hop.responders;
    if (addresses.empty()) addresses = unheard(where, hop.distance);
    if (!addresses.empty() && hop.distance != destination_)
      hops_.push_back({hop.distance, std::move(addresses)});
  }
  const unsigned last =
      input.analysis.path.hops.empty() ? 0 : input.analysis.path.hops.back().distance;
  if (where.kind == CulpritKind::router && where.first_hop && *where.first_hop > last)
    if (auto addresses = unheard(where, *where.first_hop); !addresses.empty())
      hops_.push_back({*where.first_hop, std::move(addresses)});
  add_router_without_hop(where, input.run.goal.target.address);
  // Every run of ours was given a host; a capture of others speaks of their client.
  names.emplace_back(input.run.goal.host.empty() ? "client" : "this host");
  for (const Known& hop : hops_)
    names.push_back(hop.is_placed ? fmt::format("hop {}", hop.distance) : "router");
  names.emplace_back("target");
}

/// One to blame whose address is known, and not which hop it is.
void Lanes::add_router_without_hop(const Where& where, const IpAddress& target) {
  const bool placed = where.first_hop && where.first_hop == where.last_hop;
  if (!where.address || placed || *where.address == target || *where.address == local_) return;
  for (const Known& hop : hops_)
    if (std::ranges::find(hop.addresses, *where.address) != hop.addresses.end()) return;
  const unsigned distance = where.first_hop.value_or(1);
  const auto next =
      std::ranges::find_if(hops_, [&](const Known& hop) { return hop.distance >= distance; });
  hops_.insert(next, {distance, {*where.address}, false});
}

std::size_t Lanes::of(const IpAddress& address) const {
  if (address == local_) return 0;
  for (std::size_t i = 0; i < hops_.size(); ++i)
    if (std::find(hops_[i].addresses.begin(), hops_[i].addresses.end(), address) !=
        hops_[i].addresses.end())
      return i + 1;
  return names.size() - 1;
}

std::size_t Lanes::up_to(unsigned distance) const {
  if (destination_ && distance >= *destination_) return names.size() - 1;
  std::size_t lane = 0;
  for (std::size_t i = 0; i < hops_.size(); ++i)
    if (hops_[i].distance <= distance) lane = i + 1;
  return lane;
}

std::size_t Lanes::at(unsigned distance) const {
  if (distance == 0) return 0;
  for (std::size_t i = 0; i < hops_.size(); ++i)
    if (hops_[i].distance >= distance) return i + 1;
  return names.size() - 1;
}

}  // namespace hopblame
