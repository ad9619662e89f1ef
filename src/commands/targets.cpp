#include "src/commands/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "src/cli/host_port.hpp"
#include "src/commands/commands.hpp"
#include "src/report/target_line.hpp"
#include "src/resolve.hpp"

namespace hopblame {
namespace {

constexpr int silence = 6;

}  // namespace

int badness(const offline::Target& target) {
  switch (target.changes > 1 ? *target.worst : target.latest.value_or(Outcome::inconclusive)) {
    case Outcome::open: return 0;
    case Outcome::inconclusive: return 1;
    case Outcome::silent_service:
    case Outcome::closed_early: return 2;
    case Outcome::unreachable: return 3;
    case Outcome::rejected: return 4;
    case Outcome::refused: return 5;
    default: return silence;
  }
}

std::uint64_t Rank::level(const offline::Target& target) {
  const int badness = hopblame::badness(target);
  const bool wanted = badness == silence && target.repeated;
  return static_cast<std::uint64_t>(badness) << 1 | (wanted ? 1 : 0);
}

void put_first(std::vector<Rank>& ranks, std::size_t sorted) {
  if (sorted >= ranks.size())
    std::ranges::sort(ranks, std::greater());
  else
    std::ranges::partial_sort(ranks, ranks.begin() + static_cast<std::ptrdiff_t>(sorted),
                              std::greater());
}

std::vector<Rank> worst_first(const offline::Rows<offline::Target>& targets, std::size_t sorted) {
  std::vector<Rank> ranks;
  ranks.reserve(targets.size());
  for (const auto& target : targets) ranks.emplace_back(ranks.size(), target);
  put_first(ranks, sorted);
  return ranks;
}

std::string cut_text(const offline::Surroundings& around) {
  return fmt::format(
      "{} TCP packets are cut in the middle of their header (the snap length), one from {} to {}: "
      "what they ask is not known, and a target may be missing. Record with tcpdump -s 128 or more",
      around.cut_headers(), endpoint_text(around.cut_flow().source),
      endpoint_text(around.cut_flow().destination));
}

bool Wanted::is(const Endpoint& end) const {
  return (!port || *port == end.port) &&
         std::ranges::find(addresses, end.address) != addresses.end();
}

std::variant<Wanted, NotWanted> wanted_of(const std::string& typed,
                                          const std::optional<Scrambler>& scrambler) {
  const auto split = split_host_port(typed);
  const auto port = split && split->port ? port_number(*split->port) : std::nullopt;
  if (!split || (split->port && !port))
    return NotWanted{exit_code_of::wrong_usage,
                     "'" + typed + "' is no name or address, with or without :PORT"};
  const auto resolved = resolve(split->host, std::nullopt);
  if (const auto* error = std::get_if<ResolveError>(&resolved))
    return NotWanted{exit_code_of::environment,
                     "cannot resolve " + split->host + ": " + error->text};
  Wanted wanted{std::get<Resolved>(resolved).addresses, port};
  if (scrambler)
    for (auto& address : wanted.addresses) address = (*scrambler)(address);
  return wanted;
}

}  // namespace hopblame
