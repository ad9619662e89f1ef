#pragma once
// A network nobody thought of: random length, delays, routers of every kind, loss, and one random
// fault at a random place. Seeded: the same number gives the same network.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/flow.hpp"
#include "analysis/model/words.hpp"

namespace hopblame::properties {

struct RandomNetwork {
  std::string fault;  ///< its name in the table
  std::string text;
  Family family = Family::ipv4;
  std::vector<Mechanism> mechanisms;  ///< any of them names the truth
  std::vector<unsigned> hops;         ///< a device between two hops is either
  bool works = false;                 ///< nothing is wrong
  bool lets_some_through = false;     ///< a connection may succeed
  bool drops_all_back = false;        ///< every answer of the port, on its way to the client
  bool divided = false;               ///< another router beside the one at fault has none
};

/// `loss`: the highest loss of the one lossy link, 0.1 is 10 %.
[[nodiscard]] RandomNetwork random_network(std::uint64_t seed, double loss);

/// The same with a second router beside the one at fault, which has none: the flow's ports decide
/// which of the two it meets. Absent where the fault is not a router's refusal or silence.
[[nodiscard]] std::optional<RandomNetwork> random_divided_network(std::uint64_t seed, double loss);

}  // namespace hopblame::properties
