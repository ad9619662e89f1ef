#include "src/watch_courtesy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace hopblame {
namespace {

using namespace std::chrono_literals;

constexpr Duration between_handshakes = 3min;

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool made_connection(const WatchState& state) {
  constexpr std::array<std::string_view, 4> made{"open", "closed-early", "silent-service",
                                                 "intermittent"};
  return is_one_of(made, state.outcome);
}

/// What bans by rule (of the host or before it), limits and services that turn a source away.
bool looks_like_ban(const WatchState& state) {
  constexpr std::array<std::string_view, 12> bans{
      "host-firewall-reset", "middlebox-reset", "icmp-reject-host", "icmp-reject-router",
      "filter-drop",         "syn-filter",      "host-silent",      "blackhole",
      "rate-limit",          "probe-ban",       "connection-limit", "accept-then-close"};
  std::string_view rest = state.mechanisms;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(", "), rest.size());
    if (is_one_of(bans, rest.substr(0, end))) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

}  // namespace

bool Courtesy::wants_handshake(TimePoint at) const {
  if (!was_open_ || !last_handshake_ || at < *last_handshake_) return true;
  return at - *last_handshake_ >= between_handshakes;
}

std::optional<std::string> Courtesy::note(TimePoint at, const WatchState& state, bool handshake) {
  const bool turned = was_open_ && state.outcome != "open" && looks_like_ban(state);
  was_open_ = state.outcome == "open";
  ++probes_;
  if (handshake) last_handshake_ = at;
  const auto before = connections_;
  if (handshake && made_connection(state)) ++connections_;
  if (!turned) return {};
  return fmt::format(
      "a ban of this source looks like that too: {} probes, {} connection{} so far.\n"
      "Stop this watch, wait ten minutes and try once; look for a ban on the host.",
      probes_, before, before == 1 ? "" : "s");
}

}  // namespace hopblame
