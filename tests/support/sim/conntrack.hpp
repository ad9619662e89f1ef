#pragma once
// What Linux conntrack remembers of a TCP connection before its handshake is over: one SYN, the
// last one. An answer that does not acknowledge it is INVALID: a NAT does not translate it, and a
// stateful firewall drops it (measured; nf_conntrack_proto_tcp.c).

#include <cstdint>
#include <map>

#include "tests/support/sim/packet.hpp"

namespace hopblame::sim {

class Conntrack {
 public:
  void from_client(const Packet& packet);
  /// False: it answers another SYN than the one remembered.
  [[nodiscard]] bool lets_back(const Packet& packet);

 private:
  enum class Stage { asked, accepted, known, over };
  struct Connection {
    std::uint32_t sequence = 0;
    Stage stage = Stage::asked;
  };

  std::map<Flow, Connection> connections_;
};

}  // namespace hopblame::sim
