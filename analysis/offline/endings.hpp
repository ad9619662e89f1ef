#pragma once
// Who ended a connection, and ends that do not hold: nobody heeds them, or who bears the name goes
// on as if it had said nothing.

#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

[[nodiscard]] inline bool is_before(std::uint32_t earlier, std::uint32_t later) {
  return static_cast<std::int32_t>(earlier - later) < 0;
}

/// The first RST or FIN of the client, or of the server.
void client_ends(Trails& trails, Trail& trail, const Sighting& seen);
void server_ends(Trails& trails, Trail& trail, const Sighting& seen);

/// A RST to the SYN/ACK, in the client's name and over another number of routers than its SYN: it
/// ends a connection that has not begun, and is not the client's.
[[nodiscard]] bool is_strange_refusal(const Trail& trail, const Sighting& seen);
void half_open_is_reset(Trails& trails, Trail& trail, const Sighting& seen);

/// What the client says after the server's FIN, which may still be on its way; and the RST that
/// answers it, for nobody is there any more to read it.
void client_speaks_after_fin(Trails& trails, Trail& trail, const Sighting& seen);
void server_resets_after_fin(Trails& trails, Trail& trail, const Sighting& seen);

/// Any packet of theirs after the end of a connection that is over.
void client_goes_on_after_end(Trails& trails, Trail& trail, const Sighting& seen);
void server_goes_on_after_end(Trails& trails, Trail& trail, const Sighting& seen);

/// More than the server had said when it ended the connection.
void server_speaks_after_end(Trails& trails, Trail& trail, const Sighting& seen);

}  // namespace hopblame::offline
