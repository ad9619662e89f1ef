#pragma once
// The tables of a reader are filled by strangers.

#include "analysis/model/key_hash.hpp"

namespace hopblame::offline {

using hopblame::AddressBytes;
using hopblame::KeyHash;

}  // namespace hopblame::offline
