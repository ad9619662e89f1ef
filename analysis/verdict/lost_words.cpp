#include "analysis/verdict/lost_words.hpp"

#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Sent so often, and never acknowledged: then silence to data is evidence.
constexpr std::size_t enough_tries = 3;

bool is_never_acknowledged(const OwnSegment& segment, std::uint32_t acknowledged) {
  return segment.offset >= acknowledged && segment.frames.size() >= enough_tries &&
         segment.last - segment.first >= enough_time;
}

/// Each of so many was lost with this probability.
Chance chance_of_loss(const Case& the_case, double of_each, unsigned sent) {
  if (!may_be_lost(answered_syns(the_case.target, the_case.control), of_each, sent))
    return Chance::none;
  return could_be_chance(of_each, sent) ? Chance::fair : Chance::slight;
}

}  // namespace

bool is_lossy(const Case& the_case) {
  return answered_syns(the_case.target, the_case.control).lost > 0;
}

std::optional<OwnSegment> lost_words(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return {};
  const auto acknowledged = acknowledged_bytes(*the_case.kernel_syn);
  for (auto& segment : own_segments(the_case.run.observations, *the_case.kernel_syn))
    if (is_never_acknowledged(segment, acknowledged)) return segment;
  return {};
}

Evidence unacknowledged(const OwnSegment& lost, std::uint32_t acknowledged) {
  const auto sent = lost.frames.size();
  const Seconds over{lost.last - lost.first};
  if (acknowledged == 0)
    return {say("None of our own words were acknowledged: sent {} times over {} s.", sent, over),
            lost.frames};
  return {say("Our first {} bytes were acknowledged, the {} bytes in one segment after them never "
              "were: sent {} times over {} s.",
              acknowledged, lost.bytes, sent, over),
          lost.frames};
}

std::optional<Evidence> words_unacknowledged(const Case& the_case) {
  const auto lost = lost_words(the_case);
  if (!lost) return {};
  return unacknowledged(*lost, acknowledged_bytes(*the_case.kernel_syn));
}

Chance chance_of_loss(const Case& the_case, const OwnSegment& lost) {
  return chance_of_loss(the_case, others_of(the_case).answers.loss(),
                        static_cast<unsigned>(lost.frames.size()));
}

Chance chance_of_lost_greeting(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return Chance::none;
  if (const auto lost = lost_words(the_case)) return chance_of_loss(the_case, *lost);
  return chance_of_loss(the_case, one_way(others_of(the_case).answers.loss()),
                        greetings_sent(the_case.run.ended - *the_case.run.connect->ended));
}

}  // namespace hopblame
