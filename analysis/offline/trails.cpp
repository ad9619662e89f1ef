#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

void Trails::give_back(TrailId id) {
  const auto& trail = trails_[id];
  for (unsigned left = trail.answers, answer = trail.first_answers[0]; left > 0; --left) {
    const auto next = left > 1 ? after(trail, answer) : nothing;
    answers_.give_back(answer);
    answer = next;
  }
  if (trail.talk != nothing) talks_.give_back(trail.talk);
  if (trail.more != nothing) more_.give_back(trail.more);
  trails_.give_back(id);
}

Talk& Trails::talk_of(Trail& trail) {
  if (trail.talk == nothing) trail.talk = talks_.take();
  return talks_[trail.talk];
}

const Talk* Trails::talk_of(const Trail& trail) const {
  return trail.talk == nothing ? nullptr : &talks_[trail.talk];
}

MoreCopies& Trails::more_of(Trail& trail) {
  if (trail.more == nothing) trail.more = more_.take();
  return more_[trail.more];
}

void Trails::add_copy(Trail& trail, FrameId frame) {
  constexpr auto held = std::tuple_size_v<decltype(Trail::later_frames)> + 1;
  if (trail.copies >= most_copies) return;
  const auto distance = frame.value - trail.frame.value;
  if (trail.copies >= held)
    more_of(trail).frames[trail.copies - held] = frame;
  else if (trail.copies > 0 && distance > UINT32_MAX)
    return;
  else if (trail.copies > 0)
    trail.later_frames[trail.copies - 1u] = static_cast<std::uint32_t>(distance);
  ++trail.copies;
}

void Trails::add_ip_id(Trail& trail, std::uint32_t value) {
  if (trail.ids >= most_ids) return;
  const auto held = trail.ip_ids.size();
  auto& place =
      trail.ids < held ? trail.ip_ids[trail.ids] : more_of(trail).ip_ids[trail.ids - held];
  place = static_cast<std::uint16_t>(value);
  ++trail.ids;
}

bool Trails::has_ip_id(const Trail& trail, std::uint32_t value) const {
  const auto wanted = static_cast<std::uint16_t>(value);
  const auto held = trail.ip_ids.size();
  for (std::size_t i = 0; i < trail.ids; ++i)
    if ((i < held ? trail.ip_ids[i] : more_[trail.more].ip_ids[i - held]) == wanted) return true;
  return false;
}

std::vector<FrameId> Trails::frames(const Trail& trail) const {
  std::vector<FrameId> frames;
  const auto held = trail.later_frames.size() + 1;
  for (std::size_t i = 0; i < trail.copies; ++i) {
    if (i == 0)
      frames.push_back(trail.frame);
    else if (i < held)
      frames.push_back({trail.frame.value + trail.later_frames[i - 1]});
    else
      frames.push_back(more_[trail.more].frames[i - held]);
  }
  return frames;
}

void Trails::add_answer(Trail& trail, const Answer& answer) {
  if (trail.answers >= most_answers) return;
  const auto id = answers_.take();
  answers_[id] = answer;
  answers_[id].next = nothing;
  if (trail.answers < trail.first_answers.size()) {
    trail.first_answers[trail.answers] = id;
  } else {
    auto* last = &answers_[trail.first_answers[1]];
    while (last->next != nothing) last = &answers_[last->next];
    last->next = id;
  }
  trail.kinds = static_cast<std::uint16_t>(trail.kinds | 1u << static_cast<unsigned>(answer.kind));
  ++trail.answers;
}

const Answer* Trails::answer_of(const Trail& trail, ReplyKind kind) const {
  if (!trail.has(kind)) return nullptr;
  for (auto id = trail.first_answers[0]; id != nothing; id = after(trail, id))
    if (answers_[id].kind == kind) return &answers_[id];
  return nullptr;
}

}  // namespace hopblame::offline
