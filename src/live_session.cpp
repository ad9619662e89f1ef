#include "src/live_session.hpp"

#include <algorithm>

#include "capture/decode.hpp"
#include "capture/trim.hpp"
#include "src/ours.hpp"

namespace hopblame {
namespace {

/// The real connect() follows the first raw probes: it must not be what opens a path or a bucket.
constexpr std::size_t probes_before_connect = 2;
/// Frames taken between two sends, at most: a flood must not keep us from asking.
constexpr int drain_limit = 64;

}  // namespace

Decision LiveSession::decide() const {
  const auto& connect = parts_.application ? parts_.application->record() : no_connect_;
  return next_step(
      {run_.goal, run_.facts.vantage, correlator_.exchanges(), connect, run_.started, now_});
}

Recorded LiveSession::run() {
  run_.facts = parts_.source.facts();
  take(parts_.source.next(TimePoint::min()));
  run_.started = now_;
  while (!ended_ && !parts_.stop()) {
    const auto decision = decide();
    if (const auto* order = std::get_if<Send>(&decision)) {
      send(order->question);
      call_when_due(false);
    } else if (const auto* pause = std::get_if<WaitUntil>(&decision)) {
      call_when_due(true);
      wait(pause->at);
    } else if (std::holds_alternative<HangUp>(decision)) {
      parts_.application->hang_up();
    } else if (std::holds_alternative<CallAgain>(decision)) {
      call();
    } else if (called_ || parts_.application == nullptr) {
      break;
    } else {
      call_when_due(true);
    }
    attend();
  }
  return finish();
}

void LiveSession::send(const Question& question) {
  const auto record = parts_.transmitter.send(parts_.factory.make(question));
  now_ = std::max(now_, record.at);
  correlator_.sent(record);
  run_.sends.push_back(record);
  drain();
}

/// Whatever is there, without waiting: the planner shall know that the probe left.
void LiveSession::drain() {
  for (int i = 0; i < drain_limit && !ended_; ++i) {
    const auto event = parts_.source.next(now_);
    take(event);
    if (!std::holds_alternative<Frame>(event)) return;
  }
}

/// A moment that has passed must not make the loop spin.
void LiveSession::wait(TimePoint until) {
  take(parts_.source.next(std::max(until, now_ + std::chrono::milliseconds(1))));
}

void LiveSession::take(const PacketEvent& event) {
  if (const auto* frame = std::get_if<Frame>(&event)) {
    now_ = std::max(now_, frame->at);
    keep(*frame);
  } else if (const auto* tick = std::get_if<Tick>(&event)) {
    now_ = std::max(now_, tick->now);
  } else {
    ended_ = true;
  }
}

void LiveSession::keep(const Frame& frame) {
  auto kept = frame;
  kept.id = {frames_.size() + 1};
  kept.bytes = frame.bytes.first(without_payload(frame));
  auto observation = decode(kept);
  if (!is_ours(observation, run_.goal.target.address, correlator_.exchanges())) return;
  frames_.push_back(
      {kept.at, kept.link_type, kept.original_length, {kept.bytes.begin(), kept.bytes.end()}, {}});
  correlator_.observe(observation);
  if (parts_.seen) parts_.seen(observation);
  run_.observations.push_back(std::move(observation));
}

void LiveSession::attend() {
  if (parts_.application) parts_.application->attend();
}

void LiveSession::call_when_due(bool idle) {
  if (called_ || parts_.application == nullptr) return;
  if (!idle && run_.sends.size() < probes_before_connect) return;
  called_ = true;
  call();
}

void LiveSession::call() {
  parts_.application->call();
  if (const auto& record = parts_.application->record()) correlator_.connecting(record->flow);
  drain();
}

Recorded LiveSession::finish() {
  const auto interrupted = parts_.stop();
  run_.facts = parts_.source.facts();
  run_.facts.interrupted = interrupted;
  run_.facts.misfits = correlator_.misfits();
  run_.ended = now_;
  if (parts_.application) run_.connect = parts_.application->record();
  return {std::move(run_), std::move(frames_)};
}

}  // namespace hopblame
