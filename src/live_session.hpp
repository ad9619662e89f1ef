#pragma once
// The loop: asks next_step(), obeys, feeds what the wire says to the correlator. It owns no socket
// and no clock: a test runs it on a simulated network.

#include <functional>
#include <vector>

#include "analysis/correlate/correlator.hpp"
#include "analysis/plan/planner.hpp"
#include "analysis/plan/probe_factory.hpp"
#include "capture/frame.hpp"
#include "capture/transmitter.hpp"
#include "src/application.hpp"
#include "src/recorded.hpp"

namespace hopblame {

struct SessionParts {
  PacketSource& source;
  Transmitter& transmitter;
  ProbeFactory& factory;
  Application* application = nullptr;                 ///< null: --no-handshake
  std::function<bool()> stop = [] { return false; };  ///< the user has had enough
  std::function<void(const Observation&)> seen = {};  ///< every packet kept, as it comes
};

class LiveSession {
 public:
  LiveSession(const Goal& goal, const SessionParts& parts) : parts_(parts) { run_.goal = goal; }

  /// Until the planner is done, the source ends or the user stops it.
  [[nodiscard]] Recorded run();

 private:
  [[nodiscard]] Decision decide() const;
  void send(const Question& question);
  void wait(TimePoint until);
  void drain();
  void take(const PacketEvent& event);
  void keep(const Frame& frame);
  void attend();
  void call_when_due(bool idle);
  void call();
  [[nodiscard]] Recorded finish();

  SessionParts parts_;
  Correlator correlator_;
  Run run_;
  std::vector<StoredFrame> frames_;
  std::optional<ConnectRecord> no_connect_;
  TimePoint now_{};
  bool ended_ = false, called_ = false;
};

}  // namespace hopblame
