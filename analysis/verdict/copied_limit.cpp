#include "analysis/verdict/copied_limit.hpp"

#include <map>
#include <set>

#include "analysis/verdict/place.hpp"

namespace hopblame {

std::optional<int> there_and_back(const std::vector<SentAndReceived>& pairs) {
  std::map<int, std::set<std::uint8_t>> limits_by_loss;
  for (const auto& [sent, received] : pairs)
    if (received.value <= sent) limits_by_loss[sent - received.value].insert(sent);
  std::optional<int> found;
  for (const auto& [lost, limits] : limits_by_loss) {
    if (limits.size() < 2) continue;
    if (found) return {};  // two boxes: no place for both
    found = lost;
  }
  return found;
}

std::vector<CopierPlace> places_of_copier(const Case& the_case, int lost) {
  std::vector<CopierPlace> places;
  for (std::uint8_t hop = 1; hop <= the_case.run.goal.max_hops; ++hop) {
    const auto back = routers_back(the_case, hop);
    const auto before = static_cast<std::uint8_t>(hop - 1);
    if (before + back == lost) places.push_back({hop, false, before, back});
    if (hop + back == lost) places.push_back({hop, true, hop, back});
  }
  return places;
}

}  // namespace hopblame
