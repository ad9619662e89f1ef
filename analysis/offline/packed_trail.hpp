#pragma once
// A finished attempt as few bytes: everything that the judges may ask of it.

#include "analysis/offline/packed.hpp"
#include "analysis/offline/trails.hpp"

namespace hopblame::offline {

/// Whose attempts lie together: their addresses are not written down again.
struct Ends {
  Family family = Family::ipv4;
  AddressBytes client{}, server{};
};

/// Without its kind, hop limit and outcome: those are on the label.
void pack(Packer& to, const Trails& trails, const Trail& trail, const Ends& ends);
[[nodiscard]] TrailId unpack(Unpacker& from, Trails& trails, const Ends& ends);

}  // namespace hopblame::offline
