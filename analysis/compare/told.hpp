#pragma once
// What a message of a device on the way says of what one end sends.

#include "analysis/compare/cause_list.hpp"

namespace hopblame::compare {

class Told : protected CauseList {
 protected:
  using CauseList::CauseList;

  /// It names who rejects that. Of the server's the client never hears.
  void told();
  /// The link is small, and its router says so as it ought to: whoever sends does not hear it.
  void unheeded();

 private:
  void neighbour_is_gone();
  [[nodiscard]] Where teller() const;
  [[nodiscard]] Where from_teller_to_host() const;
};

}  // namespace hopblame::compare
