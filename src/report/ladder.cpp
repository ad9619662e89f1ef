#include "src/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/report/document.hpp"
#include "src/report/lanes.hpp"
#include "src/report/packet_words.hpp"

namespace hopblame {
namespace {

constexpr std::size_t most_rungs = 24;

/// Cited frames, the most telling first.
std::vector<FrameId> cited(const Analysis& analysis) {
  std::vector<FrameId> frames;
  const auto add = [&](FrameId frame) {
    if (std::find(frames.begin(), frames.end(), frame) == frames.end()) frames.push_back(frame);
  };
  for (const auto& explanation : analysis.verdict.explanations) {
    for (const auto* side : {&explanation.because, &explanation.against})
      for (const auto& evidence : *side)
        for (const FrameId frame : evidence.packets) add(frame);
  }
  if (analysis.icmp) add(analysis.icmp->frame);
  return frames;
}

std::string when_text(Duration since) {
  const double ms = milliseconds(since);
  return ms < 1000 ? fmt::format("{:.2f} ms", ms) : fmt::format("{:.2f} s", ms / 1000);
}

/// A device answers in the destination's name.
bool is_forgery(const ReportInput& input, const Observation& seen) {
  const auto& explanations = input.analysis.verdict.explanations;
  const auto* segment = std::get_if<TcpSegment>(&seen.message);
  if (explanations.empty() || !segment || seen.flow.source != input.run.goal.target) return false;
  const auto mechanism = explanations.front().mechanism;
  const bool resets =
      mechanism == Mechanism::middlebox_reset || mechanism == Mechanism::injected_reset;
  return impersonates(mechanism) && (!resets || segment->is_reset());
}

bool rejects(const Observation& seen, const Flow& question, std::uint32_t sequence) {
  const auto* error = std::get_if<IcmpError>(&seen.message);
  return error != nullptr && error->quote && error->quote->flow == question &&
         error->quote->tcp_sequence == sequence;
}

/// A SYN of ours without an answer: a TCP answer is to the last of those sent again, an error to
/// each of them. On a half-open flow a bare ACK answers a new SYN (RFC 5961 section 4.2).
bool is_lost(const Run& run, const Observation& question) {
  const auto* syn = std::get_if<TcpSegment>(&question.message);
  if (syn == nullptr || !syn->is_syn()) return false;
  bool again = false, newer = false;
  for (const Observation& seen : run.observations) {
    if (seen.frame <= question.frame) continue;
    if (rejects(seen, question.flow, syn->sequence)) return false;
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (segment == nullptr) continue;
    if (seen.flow == question.flow && segment->is_syn())
      (segment->sequence == syn->sequence ? again : newer) = true;
    if (seen.flow != question.flow.reversed() || again) continue;
    const bool acknowledged = segment->acknowledgment == syn->sequence + 1;
    const bool challenged = !newer && segment->flags == tcp_flag::ack;
    if (acknowledged || challenged) return false;
  }
  return true;
}

/// Data of ours that was sent more than once, and that nobody acknowledged.
bool is_lost_data(const Run& run, const Observation& question) {
  const auto* data = std::get_if<TcpSegment>(&question.message);
  if (data == nullptr || data->payload == 0) return false;
  const auto end = data->sequence + static_cast<std::uint32_t>(data->payload);
  bool repeated = false;
  for (const Observation& seen : run.observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (segment == nullptr) continue;
    if (seen.flow == question.flow && segment->sequence == data->sequence && segment->payload > 0)
      repeated = repeated || seen.frame != question.frame;
    const bool answers = seen.flow == question.flow.reversed() && seen.frame > question.frame;
    if (answers && static_cast<std::int32_t>(segment->acknowledgment - end) >= 0) return false;
  }
  return repeated;
}

/// ARP or ND without an answer.
bool is_unheard(const Run& run, const Observation& question) {
  const auto* asked = std::get_if<NeighbourMessage>(&question.message);
  if (asked == nullptr || asked->answer) return false;
  return std::none_of(run.observations.begin(), run.observations.end(), [&](const auto& seen) {
    const auto* message = std::get_if<NeighbourMessage>(&seen.message);
    return message != nullptr && message->answer && message->target == asked->target &&
           seen.frame > question.frame;
  });
}

/// Where only some connections fail: not this one.
bool got_through(const ReportInput& input, const Observation& seen) {
  if (input.analysis.verdict.outcome != Outcome::intermittent) return false;
  return std::ranges::any_of(input.run.observations, [&](const Observation& other) {
    const auto* segment = std::get_if<TcpSegment>(&other.message);
    return segment != nullptr && segment->is_syn_ack() && other.flow == seen.flow.reversed();
  });
}

/// A packet of the target's flow gets no further than the one router that is to blame.
std::optional<std::uint8_t> stopped_at(const ReportInput& input, const Observation& seen) {
  if (got_through(input, seen)) return {};
  if (const auto hop = impostor_of(input.analysis.verdict))
    return seen.flow.destination == input.run.goal.target ? hop : std::nullopt;
  const Where& where = input.analysis.verdict.culprit.where;
  const bool one = where.kind == CulpritKind::router && where.first_hop == where.last_hop;
  if (!one || seen.flow.destination != input.run.goal.target) return {};
  return where.last_hop;
}

Rung rung_of(const ReportInput& input, const Lanes& lanes, const Observation& seen) {
  Rung rung{seen.frame,
            when_text(seen.at - input.run.observations.front().at),
            packet_words(seen),
            lanes.of(seen.flow.source.address),
            lanes.of(seen.flow.destination.address),
            is_forgery(input, seen)};
  if (rung.from == 0 && seen.hop_limit < full_hop_limit && seen.hop_limit.value > 0)
    rung.to = std::min(rung.to, lanes.at(seen.hop_limit.value));
  if (const auto hop = stopped_at(input, seen)) rung.to = std::min(rung.to, lanes.at(*hop));
  if (rung.forged) {
    const auto& where = input.analysis.verdict.explanations.front().where;
    rung.from = lanes.at(where.last_hop.value_or(where.first_hop.value_or(255)));
    rung.words += ", forged";
  }
  if (const auto* asked = std::get_if<NeighbourMessage>(&seen.message); asked && rung.from == 0)
    rung.to = lanes.of(asked->target);
  if (is_unheard(input.run, seen)) {
    rung.fate = RungFate::unheard;
    return rung;
  }
  const bool lost_data = rung.from == 0 && is_lost_data(input.run, seen);
  if (lost_data || (rung.from == 0 && is_lost(input.run, seen))) {
    const auto& where = input.analysis.verdict.culprit.where;
    rung.fate = RungFate::stopped;
    rung.words += lost_data ? ", lost" : ", no answer";
    rung.lost_by = where.last_hop ? std::min(rung.to, lanes.at(*where.last_hop)) : rung.to;
    if (where.first_hop && where.kind != CulpritKind::destination)
      rung.to = std::min(rung.to, lanes.up_to(*where.first_hop));
    return rung;
  }
  if (rung.from != rung.to) return rung;
  const auto last = lanes.names.size() - 1;
  const bool answers = seen.flow.source.port == input.run.goal.target.port ||
                       seen.flow.source.port == input.run.goal.control_port;
  // Of a host that asks itself only the ports tell who answers.
  if (rung.from == 0)
    (answers ? rung.from : rung.to) = last;
  else
    rung.to = 0;
  return rung;
}

}  // namespace

bool Ladder::shows(std::uint64_t frame) const {
  return std::any_of(rungs.begin(), rungs.end(),
                     [&](const Rung& rung) { return rung.frame.value == frame; });
}

/// Only what there is to point to: crossings_picture() draws it.
Ladder ladder_of(const compare::Comparison& both) {
  Ladder ladder;
  for (const auto& crossing : both.crossings)
    if (crossing.client) ladder.rungs.push_back({crossing.client->frame, {}, crossing.words});
  return ladder;
}

Ladder ladder_of(const ReportInput& input) {
  if (input.both) return ladder_of(*input.both);
  const auto frames = cited(input.analysis);
  const std::size_t room = std::min(frames.size(), most_rungs);
  const std::set<FrameId> shown(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(room));
  const Lanes lanes(input);
  Ladder ladder{lanes.names, {}, frames.size() - room};
  for (const Observation& seen : input.run.observations)
    if (shown.contains(seen.frame)) ladder.rungs.push_back(rung_of(input, lanes, seen));
  return ladder;
}

}  // namespace hopblame
