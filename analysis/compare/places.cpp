#include "analysis/compare/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::compare {

Where Places::between() const {
  return {comparison_.distance ? CulpritKind::between : CulpritKind::unknown,
          std::uint8_t{0},
          comparison_.distance,
          {}};
}

Where Places::host() const {
  const auto hop = comparison_.server_distance();
  const auto inner = inner_host();
  return {CulpritKind::destination, hop, hop, inner ? inner->address : target_.address};
}

std::optional<Endpoint> Places::inner_host() const {
  if (finding_.passed_to) return finding_.passed_to;
  if (!finding_.at_server || finding_.at_server->destination == target_) return {};
  return finding_.at_server->destination;
}

bool Places::is_translated() const {
  return finding_.at_server &&
         finding_.at_server->source.address != finding_.at_client.source.address;
}

const Explanation* Places::known_place(Mechanism mechanism) const {
  if (alone_.path.hops.empty()) return nullptr;
  for (const auto& explanation : alone_.verdict.explanations) {
    const auto& where = explanation.where;
    const bool same = explanation.mechanism == mechanism && explanation.rank == 1;
    if (!same || !where.first_hop || !where.last_hop) continue;
    if (comparison_.distance && *where.last_hop > *comparison_.distance) continue;
    if (where.kind == CulpritKind::destination) continue;
    return &explanation;
  }
  return nullptr;
}

bool Places::client_is_midway() const {
  if (comparison_.client_midway) return true;
  return std::ranges::count(alone_.verdict.caveats, CaveatId::captured_midway, &Caveat::id) > 0;
}

bool Places::blames_client() const {
  return finding_.finding == Finding::answer_ignored ||
         (finding_.finding == Finding::data_ignored && finding_.way == Way::back);
}

/// A message about a lost packet goes to its sender, against the way that it went.
Way Places::way_of_stranger() const {
  const bool told = finding_.stranger_address && finding_.finding != Finding::rejected_on_way;
  const auto way = finding_.way.value_or(Way::back);
  return told ? (way == Way::there ? Way::back : Way::there) : way;
}

bool Places::names_itself() const {
  return finding_.stranger_address && *finding_.stranger_address != target_.address;
}

std::optional<Where> Places::sender() const {
  const auto hop = hop_of_sender();
  if (!hop) return {};
  if (names_itself()) return Where{CulpritKind::router, hop, hop, finding_.stranger_address};
  const auto near = way_of_stranger() == Way::back ? *hop - 1 : *hop;
  const auto first = static_cast<std::uint8_t>(near), last = static_cast<std::uint8_t>(near + 1);
  return Where{CulpritKind::between, first, last, {}};
}

std::optional<std::uint8_t> Places::hop_of_sender() const {
  if (!finding_.stranger || !comparison_.distance) return {};
  const auto hops = guessed_distance(*finding_.stranger), all = *comparison_.distance;
  if (hops == 0 || hops >= all) return {};
  return way_of_stranger() == Way::back ? hops : static_cast<std::uint8_t>(all - hops);
}

std::string Places::routers_text() const {
  const bool back = way_of_stranger() == Way::back;
  const auto passed = return_hops(*finding_.stranger);
  const bool v4 = finding_.at_client.source.address.family == Family::ipv4;
  auto text = fmt::format("With {} {} it passed {} router{} on its way to the {}",
                          v4 ? "TTL" : "hop limit", finding_.stranger->value, passed,
                          passed == 1 ? "" : "s", back ? "client" : "server");
  const auto hop = hop_of_sender();
  if (!hop || names_itself()) return text + ".";
  return text + fmt::format(
                    ": it was made at hop {}, or by a device without a hop of its own on the link "
                    "{} that.",
                    *hop, back ? "before" : "behind");
}

std::string Places::usual_routers_text() const {
  const bool back = way_of_stranger() == Way::back;
  const int passed = back && comparison_.server_limit ? return_hops(*comparison_.server_limit)
                                                      : *comparison_.distance - 1;
  return fmt::format("The {}'s own packets pass {} router{}.", back ? "server" : "client", passed,
                     passed == 1 ? "" : "s");
}

std::vector<Met> Places::usual() const {
  const bool back = way_of_stranger() == Way::back && comparison_.server_limit;
  const auto& seen = back ? comparison_.first_back : comparison_.first_there;
  return seen ? std::vector{*seen} : std::vector<Met>{};
}

std::optional<IpAddress> Places::address_of(std::uint8_t hop) const {
  for (const auto& step : alone_.path.hops)
    if (step.distance == hop && step.responders.size() == 1) return step.responders.front();
  return {};
}

}  // namespace hopblame::compare
