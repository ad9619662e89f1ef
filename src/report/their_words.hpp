#pragma once
// Our texts speak of "this machine", where the probes came from. A capture that somebody else made
// is about another machine: the client that asks in it.

#include "src/report/document.hpp"

namespace hopblame {

/// "this machine" becomes "the client ADDRESS"; of a run of ours everything stays as it is.
class TheirWords {
 public:
  explicit TheirWords(const Run& run);
  /// `client`: what its address is in a text.
  TheirWords(bool foreign, std::string_view client);
  [[nodiscard]] bool foreign() const { return foreign_; }
  void change(std::string& text) const;
  /// The same for a text that is not ours to change: as it is, or the changed one in `room`.
  [[nodiscard]] std::string_view in(std::string_view text, std::string& room) const;
  /// "this machine" in these words.
  [[nodiscard]] std::string_view machine() const { return machine_; }

 private:
  bool foreign_;
  std::string machine_;
};

/// Hop 0 of a comparison whose first capture was made on the way is the place of that.
void in_their_words(Document& document, const Run& run, bool captured_midway);
void in_their_words(Verdict& verdict, const Run& run);

}  // namespace hopblame
