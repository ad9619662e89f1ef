#pragma once
// Where a capture was taken on the way and not at an end, the fault may lie beyond it.

#include "analysis/compare/at_an_end.hpp"

namespace hopblame::compare {

class OnTheWay : protected AtAnEnd {
 protected:
  using AtAnEnd::AtAnEnd;

  /// By the router where the second capture was taken.
  void held();
  /// What comes spoiled through the router of the second capture was so before.
  void spoiled_on_way();
  /// The first capture was taken on the way too: what came there and not to the client got lost
  /// between those, or the client does not take it.
  void before_capture();
  /// What the client's capture alone says, where the way to the second one was open.
  void from_beyond();
  /// What both captures show lies at the server or on the way to it.
  void move_beyond();

 private:
  /// By the hop limits the second capture is on the link before that hop, or at it.
  [[nodiscard]] std::optional<std::uint8_t> first_beyond() const;
  /// Up to there the way was open.
  void leave_out_before_capture();
  static void begin_at(Where& where, std::uint8_t hop);
};

}  // namespace hopblame::compare
