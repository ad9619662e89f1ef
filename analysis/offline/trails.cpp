#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

namespace {

constexpr std::size_t in_rest = std::tuple_size_v<decltype(Rest::answers)>;

}  // namespace

void Trails::give_back(TrailId id) {
  const auto& trail = trails_[id];
  if (trail.answers > 0) first_answers_.give_back(trail.first_answer);
  if (trail.answers > in_rest + 1) more_answers_.give_back(rests_[trail.rest].more_answers);
  if (trail.rest != nothing) rests_.give_back(trail.rest);
  trails_.give_back(id);
}

TrailId Trails::moved(TrailId id) {
  const auto copy = take();
  auto& trail = trails_[id];
  trails_[copy] = trail;
  trail.gone = true;
  trail.answers = 0;
  trail.rest = nothing;
  return copy;
}

TrailId Trails::settle(TrailId id) {
  auto& trail = trails_[id];
  if (trail.answers > 0) trail.first_answer = first_answers_.settle(trail.first_answer);
  if (trail.rest != nothing) {
    trail.rest = rests_.settle(trail.rest);
    auto& more = rests_[trail.rest].more_answers;
    if (more != nothing) more = more_answers_.settle(more);
  }
  return trails_.settle(id);
}

void Trails::add_greeting(Trail& trail, std::span<const std::uint8_t> text) {
  auto& rest = rest_of(trail);
  auto& greeting = rest.greeting;
  const auto count = std::min(text.size(), greeting.size() - rest.greeting_size);
  std::copy_n(text.begin(), count, greeting.begin() + rest.greeting_size);
  rest.greeting_size = static_cast<std::uint8_t>(rest.greeting_size + count);
  trail.greeted = rest.greeting_size == greeting.size();
}

void Trails::forget_greeting(Trail& trail) {
  rest_of(trail).greeting_size = 0;
  trail.greeted = true;
}

std::string_view Trails::greeting(const Trail& trail) const {
  if (!trail.spoke) return {};
  const auto& rest = rest_of(trail);
  return {rest.greeting.data(), rest.greeting_size};
}

std::uint32_t Trails::first_word(const Trail& trail) const {
  const auto* accepted = answer_of(trail, ReplyKind::syn_ack);
  const auto* segment = accepted ? std::get_if<SeenSegment>(&accepted->what) : nullptr;
  return segment ? segment->sequence + 1 : 0;
}

std::optional<TimePoint> Trails::asked_at(const Trail& trail) const {
  if (trail.rest == nothing || rest_of(trail).asked == 0) return {};
  const auto& rest = rest_of(trail);
  return rest.connected + std::chrono::milliseconds(100) * (rest.asked - 1);
}

void Trails::add_later_copy(Trail& trail, FrameId frame) {
  constexpr auto held = std::tuple_size_v<decltype(Trail::later_frames)> + 1;
  const auto distance = frame.value - trail.frame.value;
  if (trail.copies >= most_copies || distance > UINT32_MAX) return;
  auto& place = trail.copies < held ? trail.later_frames[trail.copies - 1u]
                                    : rest_of(trail).later_frames[trail.copies - held];
  place = static_cast<std::uint32_t>(distance);
  ++trail.copies;
}

void Trails::add_ip_id(Trail& trail, std::uint32_t value) {
  if (trail.ids >= most_ids) return;
  const auto held = trail.ip_ids.size();
  auto& place =
      trail.ids < held ? trail.ip_ids[trail.ids] : rest_of(trail).ip_ids[trail.ids - held];
  place = static_cast<std::uint16_t>(value);
  ++trail.ids;
}

bool Trails::has_ip_id(const Trail& trail, std::uint32_t value) const {
  const auto wanted = static_cast<std::uint16_t>(value);
  const auto held = trail.ip_ids.size();
  for (std::size_t i = 0; i < trail.ids; ++i)
    if ((i < held ? trail.ip_ids[i] : rest_of(trail).ip_ids[i - held]) == wanted) return true;
  return false;
}

std::vector<FrameId> Trails::frames(const Trail& trail) const {
  std::vector<FrameId> frames;
  frames.reserve(trail.copies);
  const auto held = trail.later_frames.size() + 1;
  for (std::size_t i = 0; i < trail.copies; ++i) {
    const std::uint32_t distance = i == 0     ? 0
                                   : i < held ? trail.later_frames[i - 1]
                                              : rest_of(trail).later_frames[i - held];
    frames.push_back({trail.frame.value + distance});
  }
  return frames;
}

AnswerPlace& Trails::place_for(Trail& trail, std::size_t index) {
  if (index == 0) return first_answers_[trail.first_answer = first_answers_.take()];
  auto& rest = rest_of(trail);
  if (index <= in_rest) return rest.answers[index - 1];
  if (rest.more_answers == nothing) rest.more_answers = more_answers_.take();
  return more_answers_[rest.more_answers][index - 1 - in_rest];
}

const Answer& Trails::answer(const Trail& trail, std::size_t index) const {
  if (index == 0) return first_answers_[trail.first_answer].answer;
  const auto& rest = rest_of(trail);
  if (index <= in_rest) return rest.answers[index - 1].answer;
  return more_answers_[rest.more_answers][index - 1 - in_rest].answer;
}

Answer& Trails::answer(const Trail& trail, std::size_t index) {
  if (index == 0) return first_answers_[trail.first_answer].answer;
  auto& rest = rests_[trail.rest];
  if (index <= in_rest) return rest.answers[index - 1].answer;
  return more_answers_[rest.more_answers][index - 1 - in_rest].answer;
}

const Answer* Trails::answer_of(const Trail& trail, ReplyKind kind) const {
  if (!trail.has(kind)) return nullptr;
  for (std::size_t i = 0; i < trail.answers; ++i)
    if (answer(trail, i).kind == kind) return &answer(trail, i);
  return nullptr;
}

}  // namespace hopblame::offline
