#include "src/commands/compare_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/compare/direction.hpp"
#include "src/commands/commands.hpp"
#include "src/report/target_line.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

std::set<IpAddress> addresses_in(const Packets& packets) {
  std::set<IpAddress> found;
  for (const auto& packet : packets.list)
    found.insert({packet.flow.source.address, packet.flow.destination.address});
  return found;
}

template <class Fits>
std::vector<Compared> those(const std::vector<Compared>& targets, Fits fits) {
  std::vector<Compared> found;
  std::ranges::copy_if(targets, std::back_inserter(found), fits);
  return found;
}

Endpoint end_of(const BothFiles& files, const Compared& target) {
  const auto& capture = target.turned ? files.second : files.first;
  return capture.connections->book.targets()[target.rank.index()].endpoint;
}

class Chooser {
 public:
  explicit Chooser(const BothFiles& files)
      : files_(files),
        in_first_(addresses_in(*files.first.packets)),
        in_second_(addresses_in(*files.second.packets)),
        directions_(files.first.packets->side(), files.second.packets->side()) {
    const auto& second = files_.second.connections;
    if (!second) return;
    for (const auto& rank : worst_first(second->book.targets()))
      if (goes_back(end_of(files_, {rank, true})))
        turned_.emplace(end_of(files_, {rank, true}), rank);
  }

  /// Worst first.
  std::vector<Compared> all() const {
    std::vector<Compared> found;
    for (const auto& [end, rank] : turned_) found.push_back({rank, true});
    for (const auto& rank : worst_first(files_.first.connections->book.targets()))
      if (!turned_.contains(end_of(files_, {rank}))) found.push_back({rank});
    std::ranges::stable_sort(found, std::greater(),
                             [](const Compared& target) { return target.rank; });
    return found;
  }

  [[nodiscard]] bool is_met(const Compared& target) const {
    return (target.turned ? in_first_ : in_second_).contains(end_of(files_, target).address);
  }

 private:
  [[nodiscard]] bool goes_back(const Endpoint& end) const {
    const auto& address = end.address;
    return in_first_.contains(address) && in_second_.contains(address) &&
           directions_.go_back(address);
  }

  const BothFiles& files_;
  std::set<IpAddress> in_first_, in_second_;
  compare::Directions directions_;
  std::map<Endpoint, Rank> turned_;
};

}  // namespace

std::variant<std::vector<Compared>, NotWanted> targets_to_compare(const BothFiles& files,
                                                                  const ReadRequest& request,
                                                                  const std::string& typed) {
  const Chooser chooser(files);
  auto all = chooser.all();
  const NotWanted none{exit_code_of::inconclusive, request.path + ": no connection attempt" +
                                                       (typed.empty() ? " in it" : " to " + typed)};
  if (!typed.empty()) {
    const auto understood = wanted_of(typed, request.scrambler);
    if (const auto* error = std::get_if<NotWanted>(&understood)) return *error;
    const auto& wanted = std::get<Wanted>(understood);
    auto named =
        those(all, [&](const Compared& target) { return wanted.is(end_of(files, target)); });
    if (named.empty()) return none;
    return named;
  }
  if (all.empty()) return none;
  auto met = those(all, [&](const Compared& target) { return chooser.is_met(target); });
  if (met.empty()) met = {all.front()};
  return met;
}

void tell_others(const BothFiles& files, const std::vector<Compared>& targets) {
  constexpr std::size_t most = 3;
  const auto failed = those(targets, [&](const Compared& target) {
    return target.rank.badness() > 1 && &target != &targets.front();
  });
  if (failed.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(most, failed.size()); ++i)
    names += (i > 0 ? ", " : "") + endpoint_text(end_of(files, failed[i]));
  complain(fmt::format(
      "compared: {}; the captures show {} other target{} that failed: {}{} (--target names one, "
      "--all tells of each)",
      endpoint_text(end_of(files, targets.front())), failed.size(), failed.size() == 1 ? "" : "s",
      names, failed.size() > most ? ", ..." : ""));
}

}  // namespace hopblame
