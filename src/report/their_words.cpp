#include "src/report/their_words.hpp"

namespace hopblame {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

class Translator {
 public:
  explicit Translator(const Run& run, bool midway = false) : words_(run), midway_(midway) {}

  void operator()(std::string& text) const {
    if (midway_) replace_all(text, "between this machine and", between_captures);
    words_.change(text);
  }
  void operator()(Text& text) const {
    auto changed = text.str();
    (*this)(changed);
    text = std::move(changed);
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
  template <class Item>
  void operator()(std::vector<Item>& items) const {
    for (auto& item : items) (*this)(item);
  }

 private:
  inline static const std::string between_captures = "between the first capture and";
  TheirWords words_;
  bool midway_;
};

/// The table has the address beside the name.
void name_client(std::vector<Row>& rows) {
  for (auto& row : rows)
    for (auto& name : row.names) replace_all(name, "this machine", "the client");
}

}  // namespace

TheirWords::TheirWords(const Run& run)
    : TheirWords(is_foreign(run), is_foreign(run) ? to_string(run.facts.vantage.local) : "") {}

TheirWords::TheirWords(bool foreign, std::string_view client)
    : foreign_(foreign), machine_(foreign ? "the client " : this_machine) {
  if (foreign) machine_ += client;
}

void TheirWords::change(std::string& text) const {
  if (!foreign_ || text.find("machine") == std::string::npos) return;
  replace_all(text, this_machine, machine_);
  replace_all(text, "This machine", 'T' + machine_.substr(1));
}

std::string_view TheirWords::in(std::string_view text, std::string& room) const {
  if (!foreign_ || text.size() < this_machine.size() ||
      text.find("machine") == std::string_view::npos)
    return text;
  room = text;
  change(room);
  return room;
}

void in_their_words(Document& document, const Run& run, bool captured_midway) {
  const Translator translate(run, captured_midway);
  for (auto* text : {&document.legend, &document.headline, &document.confidence,
                     &document.settled_by, &document.ask})
    translate(*text);
  if (is_foreign(run)) name_client(document.rows);
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

}  // namespace hopblame
