#include "src/commands/compare_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/commands/commands.hpp"
#include "src/report/target_line.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

std::set<IpAddress> addresses_in(const std::vector<Observation>& packets) {
  std::set<IpAddress> found;
  for (const auto& packet : packets)
    found.insert({packet.flow.source.address, packet.flow.destination.address});
  return found;
}

template <class Fits>
std::vector<Rank> those(const std::vector<Rank>& ranks, Fits fits) {
  std::vector<Rank> found;
  std::ranges::copy_if(ranks, std::back_inserter(found), fits);
  return found;
}

}  // namespace

std::variant<std::vector<Rank>, NotWanted> targets_to_compare(
    const ForeignCapture& client, const ReadRequest& request, const std::string& typed,
    const std::vector<Observation>& at_server) {
  const auto& targets = client.book.targets();
  const auto end = [&](const Rank& rank) { return targets[rank.index()].endpoint; };
  auto all = worst_first(targets);
  const NotWanted none{exit_code_of::inconclusive, request.path + ": no connection attempt" +
                                                       (typed.empty() ? " in it" : " to " + typed)};
  if (!typed.empty()) {
    const auto understood = wanted_of(typed, request.scrambler);
    if (const auto* error = std::get_if<NotWanted>(&understood)) return *error;
    const auto& wanted = std::get<Wanted>(understood);
    auto named = those(all, [&](const Rank& rank) { return wanted.is(end(rank)); });
    if (named.empty()) return none;
    return named;
  }
  if (all.empty()) return none;
  const auto known = addresses_in(at_server);
  auto met = those(all, [&](const Rank& rank) { return known.contains(end(rank).address); });
  if (met.empty()) met = {all.front()};
  return met;
}

void tell_others(const ForeignCapture& client, const std::vector<Rank>& compared) {
  constexpr std::size_t most = 3;
  const auto& targets = client.book.targets();
  std::set<std::size_t> known;
  for (const auto& rank : compared) known.insert(rank.index());
  const auto failed = those(worst_first(targets), [&](const Rank& rank) {
    return rank.badness() > 1 && !known.contains(rank.index());
  });
  if (failed.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(most, failed.size()); ++i)
    names += (i > 0 ? ", " : "") + endpoint_text(targets[failed[i].index()].endpoint);
  const auto count = compared.size();
  complain(fmt::format(
      "compared: {}; the client's capture shows {} other target{} that failed: {}{} (--target "
      "names one)",
      count == 1 ? endpoint_text(targets[compared.front().index()].endpoint)
                 : fmt::format("{} targets", count),
      failed.size(), failed.size() == 1 ? "" : "s", names, failed.size() > most ? ", ..." : ""));
}

}  // namespace hopblame
