#pragma once
// What arrives, and the machine at that end does not answer or take: its service, its rules, or
// whom it passes the port on to.

#include "analysis/compare/lost_request.hpp"

namespace hopblame::compare {

class AtAnEnd : protected LostRequest {
 protected:
  using LostRequest::LostRequest;

  void host_drops();
  /// Who holds clients up takes no request; a program that hangs has its kernel take it.
  void says_nothing();
  void at_host(std::initializer_list<M> mechanisms, const Text& settled_by);
  /// That is no guess: what is left is that the rule leads to the wrong place.
  void forwarded();
  void at_client();

 private:
  /// It may be the server, or a router before it: what comes from there would have told.
  [[nodiscard]] Where from_capture_on() const;
  [[nodiscard]] Where host_or_beyond() const;
  /// Silence, or answers that leave by another way or that the capture does not show.
  void nothing_comes_back(const char* settle);
  /// A run of ours tells some of them apart; it may only choose among those that fit both captures.
  [[nodiscard]] bool ruled_out(M mechanism, std::initializer_list<M> mechanisms) const;
};

}  // namespace hopblame::compare
