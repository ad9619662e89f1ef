#include "src/commands/compare_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
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

/// Some kept SYN to it bears the mark of our probes, or bears none.
bool is_marked(const offline::Book& book, const offline::Target& target, bool marked) {
  const auto sample = book.sample_of(target);
  return std::ranges::any_of(sample, [&](const offline::Attempt& attempt) {
    return (attempt.exchange.spec.traffic_class == probe_traffic_class) == marked;
  });
}

class Chooser {
 public:
  explicit Chooser(const BothFiles& files)
      : files_(files),
        in_first_(addresses_in(*files.first.packets)),
        in_second_(addresses_in(*files.second.packets)),
        directions_(files.matched()) {
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

  /// Of a run of ours in the midst: nobody wants that port, and it may well be closed. Its target
  /// got connect()'s SYN as well, which bears no mark.
  [[nodiscard]] bool is_comparison_port(const Compared& compared) const {
    const auto& book = (compared.turned ? files_.second : files_.first).connections->book;
    const auto& target = book.targets()[compared.rank.index()];
    if (!is_marked(book, target, true) || is_marked(book, target, false)) return false;
    for (auto id = book.first_on_host(target.endpoint.address); id != offline::nothing;) {
      const auto& twin = book.targets()[id];
      if (is_marked(book, twin, true) && is_marked(book, twin, false)) return true;
      id = twin.next_on_host;
    }
    return false;
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

const compare::Matched& BothFiles::matched(bool turned) const {
  auto& known = turned ? turned_ : straight_;
  if (!known) {
    const auto &here = *(turned ? second : first).packets,
               &far = *(turned ? first : second).packets;
    known = std::make_unique<compare::Matched>(here.side(), far.side(), std::random_device{}());
  }
  return *known;
}

std::variant<std::vector<Compared>, NotWanted> targets_to_compare(const BothFiles& files,
                                                                  const ReadRequest& request,
                                                                  const std::string& typed) {
  const Chooser chooser(files);
  auto all = chooser.all();
  NotWanted none{exit_code_of::inconclusive, request.path + ": no connection attempt" +
                                                 (typed.empty() ? " in it" : " to " + typed)};
  if (const auto& around = files.first.connections->around; around.cut_headers() > 0)
    none.text += "; " + cut_text(around);
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
  for (std::size_t i = 1; i < met.size() && chooser.is_comparison_port(met.front()); ++i)
    std::rotate(met.begin(), met.begin() + 1, met.end());
  return met;
}

void tell_others(const BothFiles& files, const std::vector<Compared>& targets,
                 const std::function<bool(const Compared&)>& fails) {
  constexpr std::size_t most = 3, most_compared = 20;
  std::size_t compared = 0;
  const auto failed = those(targets, [&](const Compared& target) {
    if (target.rank.badness() <= 1 || &target == &targets.front()) return false;
    return ++compared > most_compared || fails(target);
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
