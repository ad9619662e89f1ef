#pragma once
// The TCP of a Linux server as far as a client can see it: listeners, half-open connections that
// repeat their SYN/ACK, services that speak or close, RSTs for everything else.

#include <map>

#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {

class TcpStack {
 public:
  using Send = std::function<void(Packet)>;
  TcpStack(const Box& box, World& world, Voice& voice, Send send);

  void receive(const Packet& packet);

 private:
  struct Connection {
    std::uint64_t id = 0;
    const Service* service = nullptr;
    Packet asked;  ///< the SYN, to build answers from
    std::uint32_t peer_isn = 0, isn = 0;
    std::uint32_t peer_next = 0;  ///< what we acknowledge
    std::uint32_t acked = 0;      ///< of ours, by the peer
    std::uint32_t said = 0;       ///< bytes of ours
    bool heard = false;           ///< any data of the peer
    bool established = false;
    TimePoint challenged{};  ///< challenge ACKs are at least 500 ms apart (tcp_invalid_ratelimit)
  };

  [[nodiscard]] const Service* listener(std::uint16_t port) const;
  void refuse(const Packet& packet);
  void hold(const Packet& packet);
  void accept_syn(const Packet& packet, const Service& service);
  void continues(Connection& connection, const Packet& packet);
  void challenge(Connection& connection);
  void establish(Connection& connection);
  void take_data(Connection& connection, const Packet& packet);
  void answer_data(Connection& connection);
  void keep_sending_lines(const Flow& flow, std::uint64_t id);
  /// Says this after all it said before.
  void say(Connection& connection, const std::string& words);
  void serve(Connection& connection);
  void send_syn_ack(const Connection& connection);
  void send_segment(const Connection& connection, std::uint8_t flags, std::uint32_t sequence,
                    const std::string& payload = {});
  /// Sends now and again until the peer acknowledged it.
  void send_reliably(const Flow& flow, std::uint64_t id, std::uint8_t flags, std::uint32_t sequence,
                     const std::string& payload, Duration again);
  void repeat_syn_ack(const Flow& flow, std::uint64_t id, Duration wait, unsigned left);
  [[nodiscard]] Connection* find(const Flow& flow, std::uint64_t id);

  const Box& box_;
  World& world_;
  Voice& voice_;
  Send send_;
  std::map<Flow, Connection> connections_;
  std::uint64_t opened_ = 0;
};

}  // namespace hopblame::sim
