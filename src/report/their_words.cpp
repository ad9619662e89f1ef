#include "src/report/their_words.hpp"

#include <fmt/format.h>

namespace hopblame {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

class Translator {
 public:
  explicit Translator(const Run& run)
      : foreign_(run.goal.host.empty()),  // every run of ours was given one
        client_(fmt::format("client {}", to_string(run.facts.vantage.local))) {}

  void operator()(std::string& text) const {
    if (!foreign_) return;
    replace_all(text, "this machine", "the " + client_);
    replace_all(text, "This machine", "The " + client_);
  }
  void operator()(Point& point) const { (*this)(point.text); }
  void operator()(Alternative& other) const {
    for (auto* text : {&other.title, &other.where, &other.settled_by}) (*this)(*text);
    (*this)(other.because);
    (*this)(other.against);
  }
  void operator()(NextStep& step) const { (*this)(step.text); }
  void operator()(Evidence& item) const { (*this)(item.text); }
  void operator()(Explanation& explanation) const {
    (*this)(explanation.because);
    (*this)(explanation.against);
    (*this)(explanation.settled_by);
  }
  void operator()(Caveat& caveat) const { (*this)(caveat.text); }
  /// The table has the address beside the name.
  void operator()(Row& row) const {
    if (foreign_)
      for (auto& name : row.names) replace_all(name, "this machine", "the client");
  }
  template <class Item>
  void operator()(std::vector<Item>& items) const {
    for (auto& item : items) (*this)(item);
  }

 private:
  bool foreign_;
  std::string client_;
};

}  // namespace

void in_their_words(Document& document, const Run& run) {
  const Translator translate(run);
  for (auto* text : {&document.legend, &document.headline, &document.confidence,
                     &document.settled_by, &document.ask})
    translate(*text);
  translate(document.rows);
  translate(document.summary);
  for (auto* points : {&document.because, &document.against, &document.caveats}) translate(*points);
  translate(document.alternatives);
  translate(document.app_sees);
  translate(document.steps);
}

void in_their_words(Verdict& verdict, const Run& run) {
  const Translator translate(run);
  translate(verdict.explanations);
  translate(verdict.caveats);
}

void in_their_words(std::vector<NextStep>& steps, const Run& run) {
  const Translator translate(run);
  translate(steps);
}

}  // namespace hopblame
