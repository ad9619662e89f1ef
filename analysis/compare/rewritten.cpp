#include "analysis/compare/rewritten.hpp"

#include <algorithm>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {
namespace {

/// A proxy calls the server when it is called, or when the client has said what it wants.
constexpr Duration near = std::chrono::seconds(3);

/// Its SYN/ACK came back to whoever called.
bool is_made(const Call& call) {
  return std::ranges::any_of(call.there, [](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->has(tcp_flag::ack) && !segment->is_reset();
  });
}

}  // namespace

Strangers::Strangers(const std::vector<const Call*>& extra, std::uint16_t port, const Clock& clock)
    : unsure_(clock.offset ? clock.uncertainty.value_or(longest_delay) : longest_delay) {
  for (const auto* call : extra) {
    if (call->flow.destination.port != port) continue;
    begun_before_ = begun_before_ || !call->isn;
    if (call->syn())
      (is_made(*call) ? made_ : asked_).push_back({clock.at_client(call->begun()), call});
  }
  for (auto* list : {&made_, &asked_}) std::ranges::stable_sort(*list, {}, &Begun::at);
}

/// Nothing that the client does has an effect before it does it.
const Strangers::Begun* Strangers::first_after(const List& list, const Call& call) const {
  const auto begun = call.begun();
  const auto found = std::ranges::lower_bound(list, begun - unsure_ - stamp_error, {}, &Begun::at);
  return found != list.end() && found->at - begun < near ? &*found : nullptr;
}

/// Who rewrites packets makes none, and a proxy that is connected tells the client so: a client
/// without a SYN/ACK has no connection at the server.
const Call* Strangers::may_be(const Call& call) const {
  const auto* asked = first_after(asked_, call);
  const bool connected = call.syn_ack() || is_made(call);
  const auto* made = connected ? first_after(made_, call) : nullptr;
  if (!asked || !made) return asked ? asked->call : made ? made->call : nullptr;
  return asked->at <= made->at ? asked->call : made->call;
}

}  // namespace hopblame::compare
