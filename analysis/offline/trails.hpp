#pragma once
// Where the trails of a capture lie, with what hangs on each.

#include "analysis/offline/fetch_ahead.hpp"
#include "analysis/offline/forwards.hpp"
#include "analysis/offline/reset_texts.hpp"
#include "analysis/offline/trail.hpp"

namespace hopblame::offline {

class Trails {
 public:
  static constexpr std::size_t most_copies = 14, most_ids = 8, most_answers = 8;

  [[nodiscard]] TrailId take() { return trails_.take(); }
  void give_back(TrailId id);
  /// Its things belong to the copy that is returned: it is `gone`.
  [[nodiscard]] TrailId moved(TrailId id);
  /// For one that will stay: moves it. What it returns is its number from now on.
  [[nodiscard]] TrailId settle(TrailId id);

  [[nodiscard]] Trail& operator[](TrailId id) { return trails_[id]; }
  [[nodiscard]] const Trail& operator[](TrailId id) const { return trails_[id]; }

  void prefetch(TrailId id) const { fetch_whole(trails_[id]); }

  /// What hangs on it, but for what few have.
  void prefetch_rest(const Trail& trail) const {
    if (trail.answers > 0) fetch_ahead(&first_answers_[trail.first_answer]);
    if (trail.rest == nothing) return;
    const auto& rest = rests_[trail.rest];
    fetch_ahead(&rest);
    if (!trail.spoke) return;
    fetch_whole(rest.greeting);
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
  /// It was none: its beginning is not in the capture.
  void forget_greeting(Trail& trail);
  /// Valid until more is added.
  [[nodiscard]] std::string_view greeting(const Trail& trail) const;

  /// The number of the first byte the server may say, by its SYN/ACK.
  [[nodiscard]] std::uint32_t first_word(const Trail& trail) const;
  /// When the client said what must be answered.
  [[nodiscard]] std::optional<TimePoint> asked_at(const Trail& trail) const;

  void add_copy(Trail& trail, FrameId frame) {
    if (trail.copies == 0)
      trail.copies = 1;
    else
      add_later_copy(trail, frame);
  }
  void add_ip_id(Trail& trail, std::uint32_t value);
  [[nodiscard]] bool has_ip_id(const Trail& trail, std::uint32_t value) const;
  [[nodiscard]] std::vector<FrameId> frames(const Trail& trail) const;

  /// Beyond the first few it is forgotten. It is made where it stays: what was written in small
  /// pieces a moment ago cannot be copied in large ones without waiting.
  template <class Make>
  void add_answer(Trail& trail, Make make) {
    if (trail.answers >= most_answers) return;
    const auto& answer = *::new (&place_for(trail, trail.answers).answer) Answer(make());
    trail.kinds = (trail.kinds | 1u << static_cast<unsigned>(answer.kind)) & 0x3ff;
    ++trail.answers;
  }
  void add_answer(Trail& trail, const Answer& answer) {
    add_answer(trail, [&] { return answer; });
  }
  /// In the place of the first answer that is `same(known, answer)`, if there is one.
  template <class Same>
  bool replace(const Trail& trail, const Answer& answer, Same same) {
    for (std::size_t i = 0; i < trail.answers; ++i) {
      auto& known = this->answer(trail, i);
      if (!same(known, answer)) continue;
      known = answer;
      return true;
    }
    return false;
  }
  /// It is shown on its way through the machine of the capture. False: no answer is `same`.
  template <class Same>
  bool note_passage(const Trail& trail, const Answer& answer, Same same) {
    for (std::size_t i = 0; i < trail.answers; ++i) {
      auto& known = this->answer(trail, i);
      if (!same(known, answer)) continue;
      known.passed_on = known.passed_on || known.hop_limit != answer.hop_limit;
      return true;
    }
    return false;
  }
  [[nodiscard]] const Answer* answer_of(const Trail& trail, ReplyKind kind) const;
  template <class Visit>
  void each_answer(const Trail& trail, Visit visit) const {
    for (std::size_t i = 0; i < trail.answers; ++i) visit(answer(trail, i));
  }

  [[nodiscard]] Forwards& forwards() { return forwards_; }
  [[nodiscard]] const Forwards& forwards() const { return forwards_; }
  [[nodiscard]] ResetTexts& reset_texts() { return reset_texts_; }
  [[nodiscard]] const ResetTexts& reset_texts() const { return reset_texts_; }

 private:
  void add_later_copy(Trail& trail, FrameId frame);
  /// In the order of the capture.
  [[nodiscard]] const Answer& answer(const Trail& trail, std::size_t index) const;
  [[nodiscard]] Answer& answer(const Trail& trail, std::size_t index);
  [[nodiscard]] AnswerPlace& place_for(Trail& trail, std::size_t index);

  Pool<Trail> trails_;
  Pool<AnswerPlace> first_answers_;
  Pool<Rest> rests_;
  Pool<MoreAnswers> more_answers_;
  Forwards forwards_;
  ResetTexts reset_texts_;
};

}  // namespace hopblame::offline
