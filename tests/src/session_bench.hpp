#pragma once
// A session on a bench: a wire that answers nothing, in virtual time.

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "capture/craft.hpp"
#include "src/live_session.hpp"

namespace hopblame {

/// A wire on which every probe is seen leaving and nothing comes back; waiting takes no time.
class DeadWire : public PacketSource, public Transmitter {
 public:
  SendRecord send(const ProbeSpec& spec) override {
    sent.push_back(spec);
    if (refuse_with == 0) queue_.push_back(craft(spec));
    return {spec, now, refuse_with};
  }
  PacketEvent next(TimePoint deadline) override {
    if (ends_after && sent.size() >= *ends_after) return End{"the interface is gone"};
    if (queue_.empty()) return Tick{now = std::max(now, deadline)};
    last_ = queue_.front();
    queue_.pop_front();
    return Frame{{77}, now, 101, static_cast<std::uint32_t>(last_.size()), last_};
  }
  [[nodiscard]] CaptureFacts facts() const override {
    CaptureFacts facts;
    facts.vantage.local = *IpAddress::parse("192.0.2.7");
    facts.vantage.interface = "eth0";
    facts.vantage.gateway = gateway;
    return facts;
  }

  std::vector<ProbeSpec> sent;
  std::optional<std::size_t> ends_after;
  int refuse_with = 0;
  std::optional<IpAddress> gateway{};
  TimePoint now{std::chrono::seconds(1000)};

 private:
  std::deque<std::vector<std::uint8_t>> queue_;
  std::vector<std::uint8_t> last_;
};

struct FakeApplication : Application {
  explicit FakeApplication(DeadWire& on) : wire(on) {}
  void call() override {
    ++calls;
    sent_before = wire.sent.size();
    known = ConnectRecord{};
    known->flow = {Transport::tcp,
                   {*IpAddress::parse("192.0.2.7"), 39999},
                   {*IpAddress::parse("203.0.113.10"), 22}};
    known->at = wire.now;
  }
  void attend() override {}
  void hang_up() override { known->hung_up = wire.now; }
  [[nodiscard]] const std::optional<ConnectRecord>& record() const override { return known; }

  DeadWire& wire;
  std::optional<ConnectRecord> known;
  int calls = 0;
  std::size_t sent_before = 0;
};

struct Bench {
  DeadWire wire;
  Goal goal;
  std::uint16_t port = 40000;
  std::uint32_t number = 1;
  ProbeFactory factory;

  Bench()
      : goal(make_goal()),
        factory(
            goal, *IpAddress::parse("192.0.2.7"), [this] { return port++; },
            [this] { return number += 0x01000193; }) {}
  static Goal make_goal() {
    Goal made;
    made.host = "203.0.113.10";
    made.target = {*IpAddress::parse("203.0.113.10"), 22};
    made.control_port = 61234;
    return made;
  }
  SessionParts parts() { return {wire, wire, factory}; }
};

}  // namespace hopblame
