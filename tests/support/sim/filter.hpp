#pragma once
// The rules of one box and what its connection tracking knows.

#include <set>
#include <vector>

#include "tests/support/sim/bucket.hpp"
#include "tests/support/sim/packet.hpp"

namespace hopblame::sim {

class Filter {
 public:
  Filter(const std::vector<Rule>& rules, World& world);

  /// The first rule at this hook that catches the packet; null: it passes.
  [[nodiscard]] const Rule* caught(Hook hook, const Packet& packet);
  /// Tells of a packet that got through the box: a SYN/ACK makes a connection known, a RST ends it.
  void passed(const Packet& packet);

  [[nodiscard]] bool known(const Packet& packet) const;

 private:
  struct Memory {
    Bucket bucket;
    unsigned matches = 0;
    bool banned = false;
  };

  [[nodiscard]] bool is(State state, const Packet& packet) const;
  [[nodiscard]] bool matches(const Rule& rule, const Packet& packet) const;
  [[nodiscard]] bool bites(const Rule& rule, Memory& memory);

  std::vector<Rule> rules_;
  std::vector<Memory> memory_;
  std::set<Flow> known_;  ///< as the client writes them
  World& world_;
};

}  // namespace hopblame::sim
