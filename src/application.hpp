#pragma once
// The real connect(): what an application on this machine lives through, step by step and without
// ever blocking. To an SSH server it says what an ssh client says first; to nobody else anything.

#include <optional>
#include <string>

#include "analysis/plan/ssh_opening.hpp"
#include "capture/live_source.hpp"
#include "capture/port_reservation.hpp"
#include "capture/run_clock.hpp"

namespace hopblame {

/// What the session loop needs of it; tests have one of their own.
struct Application {
  virtual ~Application() = default;
  virtual void call() = 0;     ///< connect(); once, and again after it was hung up
  virtual void attend() = 0;   ///< whatever has happened since
  virtual void hang_up() = 0;  ///< no more SYNs, if it is still unanswered
  [[nodiscard]] virtual const std::optional<ConnectRecord>& record() const = 0;
};

class RealConnect : public Application {
 public:
  /// `wake` is told when the socket wants attention; it may be null.
  RealConnect(BoundSocket socket, const Endpoint& target, std::string zone, LiveSource* wake,
              const RunClock& clock);
  ~RealConnect() override;

  void call() override;
  void attend() override;
  void hang_up() override;
  [[nodiscard]] const std::optional<ConnectRecord>& record() const override { return record_; }

 private:
  void finish_connecting();
  void read_greeting();
  void hear(std::string_view bytes);
  void speak();
  [[nodiscard]] std::size_t segment_size() const;
  void close(int error);
  void watch(short events);

  BoundSocket socket_;
  Endpoint target_;
  std::string zone_;
  LiveSource* wake_;
  const RunClock& clock_;
  std::optional<ConnectRecord> record_;
  SshOpening opening_;
  std::size_t heard_ = 0;
};

}  // namespace hopblame
