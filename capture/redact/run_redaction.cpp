#include "capture/redact/run_redaction.hpp"

#include <algorithm>

#include "capture/pcapng/journal_fields.hpp"
#include "capture/redact/names.hpp"

namespace hopblame {
namespace {

/// Visits whatever a journal holds, so that a field added there is redacted too.
class RunRedaction {
 public:
  explicit RunRedaction(const Scrambler& scrambler) : scrambler_(scrambler) {}

  void visit(std::string_view, IpAddress& address) { address = scrambler_(address); }

  void visit(std::string_view name, std::string& text) {
    if (name == "greeting")
      text = without_names(text, scrambler_.hidden());
    else if (name == "interface" || name == "down_interfaces")
      text = renamed(text);
    else
      text.clear();
  }

  template <journal::Struct Value>
  void visit(std::string_view, Value& value) {
    journal::fields(value, [this](const char* name, auto& field) { this->visit(name, field); });
  }
  template <class Value>
  void visit(std::string_view name, std::optional<Value>& value) {
    if (value) visit(name, *value);
  }
  template <class Value>
  void visit(std::string_view name, std::vector<Value>& values) {
    for (Value& value : values) visit(name, value);
  }
  template <class Value>
  void visit(std::string_view, Value&) {}  // numbers, times, words of ours

 private:
  /// An interface may be named after a MAC address or a company.
  std::string renamed(const std::string& interface) {
    if (interface.empty() || interface == "lo") return interface;
    const auto known = std::find(interfaces_.begin(), interfaces_.end(), interface);
    const auto place = known - interfaces_.begin();
    if (known == interfaces_.end()) interfaces_.push_back(interface);
    return "if" + std::to_string(place);
  }

  const Scrambler& scrambler_;
  std::vector<std::string> interfaces_;
};

}  // namespace

void redact(Run& run, const Scrambler& scrambler) {
  RunRedaction(scrambler).visit("run", run);
  run.redacted = true;
  run.names.clear();
  run.goal.host = to_string(run.goal.target.address);
}

}  // namespace hopblame
