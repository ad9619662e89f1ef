#pragma once
// Where the trails of a capture lie, with what hangs on each.

#include "analysis/offline/trail.hpp"

namespace hopblame::offline {

class Trails {
 public:
  static constexpr std::size_t most_copies = 16, most_ids = 8, most_answers = 8;

  [[nodiscard]] TrailId take() { return trails_.take(); }
  void give_back(TrailId id);

  [[nodiscard]] Trail& operator[](TrailId id) { return trails_[id]; }
  [[nodiscard]] const Trail& operator[](TrailId id) const { return trails_[id]; }

  void prefetch(TrailId id) const {
    const auto& trail = trails_[id];
    __builtin_prefetch(&trail);
    __builtin_prefetch(&trail.at);
  }

  /// Made when there is none yet.
  [[nodiscard]] Rest& rest_of(Trail& trail) {
    if (trail.rest == nothing) trail.rest = rests_.take();
    return rests_[trail.rest];
  }
  /// Of a trail that has one.
  [[nodiscard]] const Rest& rest_of(const Trail& trail) const { return rests_[trail.rest]; }

  /// What fits.
  void add_greeting(Trail& trail, std::span<const std::uint8_t> text);
  [[nodiscard]] std::string greeting(const Trail& trail) const;

  void add_copy(Trail& trail, FrameId frame);
  void add_ip_id(Trail& trail, std::uint32_t value);
  [[nodiscard]] bool has_ip_id(const Trail& trail, std::uint32_t value) const;
  [[nodiscard]] std::vector<FrameId> frames(const Trail& trail) const;

  /// Beyond the first few it is forgotten.
  void add_answer(Trail& trail, const Answer& answer);
  [[nodiscard]] const Answer* answer_of(const Trail& trail, ReplyKind kind) const;
  template <class Visit>
  void each_answer(const Trail& trail, Visit visit) const {
    for (auto id = trail.first_answers[0]; id != nothing; id = after(trail, id))
      visit(answers_[id]);
  }

 private:
  /// The first two are found without touching them.
  [[nodiscard]] PoolId after(const Trail& trail, PoolId answer) const {
    return answer == trail.first_answers[0] ? trail.first_answers[1] : answers_[answer].next;
  }
  void give_back_answers(const Trail& trail);

  Pool<Trail> trails_;
  Pool<Answer> answers_;
  Pool<Rest> rests_;
};

}  // namespace hopblame::offline
