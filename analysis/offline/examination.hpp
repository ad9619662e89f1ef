#pragma once
// From what was kept of a target to the verdict on one question, step by step: first as if it were
// a run of ours, then what this capture shows beside.

#include "analysis/offline/exhibits.hpp"
#include "analysis/offline/inspect.hpp"

namespace hopblame::offline {

/// The kept attempts of a target, and how those fared that are asked about.
struct Question {
  const Capture& capture;
  const Target& target;
  const std::vector<Attempt>& sample;
  std::optional<Outcome> outcome;
  IpAddress client;  ///< in question
};

/// In the order in which they stand here.
class Examination {
 public:
  /// `inspection` is filled in.
  Examination(const Question& question, Inspection& inspection);

  void judge_as_run();
  void weigh_silence();      ///< by what was heard of the host beside, and when
  void follow_connection();  ///< what became of it, or of the answers to it
  void look_for_limits();    ///< who lets others through, or did so before
  void doubt();              ///< what nobody is seen to act on
  void look_at_others();     ///< other hosts, other clients, at the same time
  void add_faults_beside();  ///< attempts that fail in another way

  [[nodiscard]] const Exhibits& exhibits() const { return exhibits_; }

 private:
  [[nodiscard]] Analysis& analysis() { return inspection_.analysis; }
  [[nodiscard]] bool asks_for(Outcome outcome) const { return asked_.outcome == outcome; }
  void replace(Verdict found);
  void replace_told(std::optional<Verdict> found);
  void follow_refusal();

  const Question& asked_;
  Exhibits exhibits_;
  Inspection& inspection_;
};

}  // namespace hopblame::offline
