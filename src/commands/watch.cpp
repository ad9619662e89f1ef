#include "src/watch_log.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "src/commands/commands.hpp"
#include "src/progress.hpp"
#include "src/redact.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"
#include "src/watch_courtesy.hpp"
#include "src/watch_probe.hpp"

namespace hopblame {
namespace {

TimePoint now() {
  return TimePoint(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

/// "2026-11-20 16:40:01", by the clock on the wall.
std::string local_time(TimePoint at) {
  const auto seconds = static_cast<std::time_t>(
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return text.data();
}

/// False: asked to stop.
bool wait_until(std::chrono::steady_clock::time_point when) {
  while (stop_signal() == 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(when - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    pollfd ready{signal_fd(), POLLIN, 0};
    poll(&ready, 1, static_cast<int>(left.count()));
  }
  return false;
}

class Watch {
 public:
  /// One key for all probes: else each would show other addresses, and each would be news.
  Watch(const WatchOptions& options, const std::optional<Scrambler>& scrambler)
      : options_(options),
        scrambler_(scrambler),
        as_json_(options.probe.output.format == Format::json) {}

  int run() {
    stop_when_asked();
    if (!as_json_ && shows_progress())
      complain(fmt::format("asking port {} of {} every {}; Ctrl-C ends it and sums up",
                           options_.probe.port, options_.probe.host,
                           length_text(options_.interval)));
    for (unsigned round = 1;; ++round) {
      const auto next = std::chrono::steady_clock::now() + options_.interval;
      const auto at = now();
      const bool handshake = courtesy_.wants_handshake(at) || options_.probe.unprivileged;
      const auto probed = probe_once(asked(handshake), scrambler_);
      const auto state = watch_state(probed.json);
      if (stop_signal() != 0 && round == 1) return tell_unfinished(at, probed, state);
      if (!state && round == 1) return probed.exit_code;
      if (stop_signal() == 0 && !tell(at, probed, state, handshake))
        return exit_code_of::environment;
      if (round == options_.count || !wait_until(next)) return sum_up();
    }
  }

 private:
  /// Of a name the address that was asked before; not where it is written otherwise.
  ProbeOptions asked(bool handshake) const {
    auto probe = options_.probe;
    probe.handshake = probe.handshake && handshake;
    if (known_ && !scrambler_) probe.rather = IpAddress::parse(known_->target);
    return probe;
  }

  bool tell(TimePoint at, const Probed& probed, const std::optional<WatchState>& state,
            bool handshake) {
    found_fault_ |= probed.exit_code == exit_code_of::fault;
    worst_ = std::max(worst_, probed.exit_code);
    const auto why =
        probed.complaint.empty() ? fmt::format("exit code {}", probed.exit_code) : probed.complaint;
    const auto news = log_.note(at, state.value_or(WatchState{"no probe: " + why, "", ""}));
    if (state) {
      known_ = state;
      report_ = probed.json;
    }
    const auto note =
        state ? courtesy_.note(at, *state, handshake && options_.probe.handshake) : std::nullopt;
    if (as_json_) {
      if (note) complain(*note);
      return put(state ? object(probed.json) : without_report(report_, at, why));
    }
    return (!news || put_line(at, *news)) && (!note || put_line(at, *note));
  }

  /// Each line with the time.
  static bool put_line(TimePoint at, std::string text) {
    const auto time = local_time(at) + "  ";
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1))
      text.insert(end + 1, time);
    return put(time + text + "\n");
  }

  /// Later ones are not told: what came before them says more.
  int tell_unfinished(TimePoint at, const Probed& probed,
                      const std::optional<WatchState>& state) const {
    const auto known = state ? to_string(*state) : "nothing yet";
    const auto text = as_json_ ? (state ? object(probed.json) : "")
                               : fmt::format("{}  stopped in the first probe. What is known: {}\n",
                                             local_time(at), known);
    return put(text) ? 128 + stop_signal() : exit_code_of::environment;
  }

  static std::string object(const std::string& json) {
    auto report = nlohmann::ordered_json::parse(json, nullptr, false);
    report["command"] = "watch";
    return report.dump() + "\n";
  }

  int sum_up() const {
    if (!as_json_ && !put(log_.summary(now()))) return exit_code_of::environment;
    if (stop_signal() != 0) return 128 + stop_signal();
    return found_fault_ ? exit_code_of::fault : worst_;
  }

  static bool put(const std::string& text) { return print(text) == 0; }

  const WatchOptions& options_;
  const std::optional<Scrambler>& scrambler_;
  bool as_json_;
  WatchLog log_;
  Courtesy courtesy_;
  std::optional<WatchState> known_;  ///< of the last probe that could be made, and its report
  std::string report_;
  bool found_fault_ = false;
  int worst_ = 0;
};

}  // namespace

int run_command(const WatchOptions& options) {
  std::optional<Scrambler> scrambler;
  if (options.probe.output.redact && !(scrambler = scrambler_for(options.probe.output)))
    return exit_code_of::environment;
  return Watch(options, scrambler).run();
}

}  // namespace hopblame
