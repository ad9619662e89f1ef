#pragma once
// The network of a virtual machine or container that is a program (slirp, pasta): it forwards no
// packet, but makes connections of its own and tells the client how they ended.

#include <map>
#include <set>

#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {

class UserNat {
 public:
  UserNat(const Box& box, World& world, Voice& voice, Out& out);

  void from_client(Packet packet);
  void from_target(Packet packet);

 private:
  struct Call {
    Packet asked;
    bool connected = false;
  };

  void call(const Packet& syn);
  void repeat(const Flow& flow, std::uint32_t sequence, Duration wait, unsigned left);
  void continues(Call& call, Packet packet);
  /// Its own stack, which knows of no such connection.
  void disown(const Packet& packet);
  void hear(const Flow& flow, Packet packet);
  void fail(const IcmpError& error);
  void end(const Flow& flow, std::uint8_t flags);
  /// Nothing of the packet's header gets through.
  void send_on(Packet packet, Side side, std::uint8_t hop_limit);

  const Box& box_;
  World& world_;
  Voice& voice_;
  Out& out_;
  std::map<Flow, Call> calls_;
  std::set<Flow> given_up_;  ///< by a RST of the client
};

}  // namespace hopblame::sim
