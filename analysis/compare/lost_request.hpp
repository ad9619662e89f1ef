#pragma once
// Why a SYN left the client and did not arrive at the captured server, and who answered it.

#include "analysis/compare/told.hpp"

namespace hopblame::compare {

class LostRequest : protected Told {
 protected:
  using Told::Told;

  /// Nobody answered it.
  void request_lost();
  /// The client had given up: some SYNs passed and others not, or some answers; or the host had no
  /// room for a while.
  void came_late();
  /// Its answer ends the attempt, and only the client's capture may have missed it.
  void perhaps_heard();
  /// SYNs pass on the way there, and nothing that follows them.
  void half_made();
  /// By who translates addresses on the way: both captures show the connection go on under others.
  void forgotten();
  /// It arrives with a wrong checksum.
  void spoiled();
  /// `mechanism` on the way keeps packets away.
  void lost(M mechanism, Text settled_by);

  /// Somebody on the way made what the client got. How near: by the hop limit it came with, as far
  /// as it began with a usual one; an own walk of the path knows better.
  void made_on_way(M mechanism);

 private:
  /// Nothing of this attempt came to the captured machine: others may bear its address (a load
  /// balancer, anycast, a cluster).
  [[nodiscard]] bool may_be_of_another_machine() const { return !finding_.at_server; }
  void another_machine(M mechanism, const char* what_it_did, unsigned rank);
  void kept_by_another_machine();
  void answered_by_another_machine();
  void served_by_another_machine();
  void new_connection_lost();
  void add_limit();
  void goes_by_flow();
  void perhaps_own();
  void lost_as_well(const std::vector<FrameId>& pings);
};

}  // namespace hopblame::compare
