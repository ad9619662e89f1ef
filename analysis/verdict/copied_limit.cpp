#include "analysis/verdict/copied_limit.hpp"

#include <map>
#include <set>

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

}  // namespace hopblame
