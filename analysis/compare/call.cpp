#include "analysis/compare/call.hpp"

#include <algorithm>

namespace hopblame::compare {

const Observation* Call::syn() const {
  const auto found = std::ranges::find_if(there, [](const auto* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->is_syn();
  });
  return found == there.end() ? nullptr : *found;
}

std::uint32_t Call::said_in_syn() const {
  const auto* asked = syn();
  return asked ? segment_of(*asked)->payload : 0;
}

const Observation* Call::syn_ack() const {
  const auto found = std::ranges::find_if(back, [&](const auto* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->is_syn_ack() && isn &&
           segment->acknowledgment - 1 - *isn <= said_in_syn();
  });
  return found == back.end() ? nullptr : *found;
}

TimePoint Call::begun() const {
  auto first = TimePoint::max();
  for (const auto* way : {&there, &back})
    if (!way->empty()) first = std::min(first, way->front()->at);
  return first;
}

TimePoint Call::ended() const {
  auto last = TimePoint::min();
  for (const auto* way : {&there, &back})
    if (!way->empty()) last = std::max(last, way->back()->at);
  return last;
}

}  // namespace hopblame::compare
