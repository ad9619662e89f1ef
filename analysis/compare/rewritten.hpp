#pragma once
// Calls at the server that nobody in the client's capture made: another client's, or the client's
// own with addresses, ports and numbers rewritten.

#include "analysis/compare/call.hpp"
#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

class Strangers {
 public:
  /// Those to this port.
  Strangers(const std::vector<const Call*>& extra, std::uint16_t port, const Clock& clock);

  /// The first that a call may be there, of which nothing else was known again. Null: none.
  [[nodiscard]] const Call* may_be(const Call& call) const;

  /// Some connection to the port was made before: it may be any that the client holds.
  [[nodiscard]] bool are_begun_before() const { return begun_before_; }

 private:
  struct Begun {
    TimePoint at;  ///< by the client's clock
    const Call* call;
  };
  using List = std::vector<Begun>;  ///< in order
  [[nodiscard]] const Begun* first_after(const List& list, const Call& call) const;

  List made_, asked_;  ///< by whether the handshake was finished
  Duration unsure_{};
  bool begun_before_ = false;
};

}  // namespace hopblame::compare
