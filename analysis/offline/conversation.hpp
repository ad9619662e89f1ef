#pragma once
// What the two ends of a connection do after the SYN/ACK.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

void client_continues(Trails& trails, Trail& trail, const Sighting& seen);
void server_continues(Trails& trails, Trail& trail, const Sighting& seen);

}  // namespace hopblame::offline
