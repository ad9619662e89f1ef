#pragma once
// SYNPROXY in FORWARD: answers every SYN itself with window 0, asks the server only once the client
// has acknowledged, then translates the sequence numbers.

#include <map>

#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {

class SynProxy {
 public:
  SynProxy(std::uint16_t port, const Box& box, World& world, Voice& voice, Out& out);

  /// True when the packet went no further as it is.
  bool from_client(const Packet& packet);
  bool from_server(const Packet& packet);

 private:
  struct Connection {
    Packet asked;
    std::uint32_t isn = 0;  ///< ours, given to the client
    bool confirmed = false;
    std::optional<std::uint32_t> server_isn;
  };

  void answer(const Packet& syn);
  void confirm(Connection& connection);
  void relay_to_server(const Connection& connection, Packet packet);
  void acknowledge_server(const Connection& connection);
  void open_window(const Connection& connection, Packet packet);

  std::uint16_t port_;
  const Box& box_;
  World& world_;
  Voice& voice_;
  Out& out_;
  std::map<Flow, Connection> connections_;
};

}  // namespace hopblame::sim
