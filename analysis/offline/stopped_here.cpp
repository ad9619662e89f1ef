#include "analysis/offline/stopped_here.hpp"

#include <algorithm>

#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where this_router{CulpritKind::router, 1, 1, {}};

/// One alone may be missing for another reason: captures drop packets.
constexpr std::size_t no_chance = 2;

std::vector<const Attempt*> silent_ones(const std::vector<Attempt>& sample,
                                        const IpAddress& client) {
  std::vector<const Attempt*> found;
  for (const auto& attempt : sample)
    if (attempt.outcome == Outcome::dropped && is_of(attempt, client)) found.push_back(&attempt);
  return found;
}

bool comes_in_alone(const Attempt& attempt, const Passages& passages) {
  // A bridge, a VLAN or a bond shows it more than once as it comes in.
  const bool goes_out = attempt.passed_on || attempt.apart || attempt.forward;
  return !goes_out && !attempt.exchange.answered() &&
         attempt.exchange.spec.question.hop_limit == passages.comes_in;
}

std::vector<FrameId> syns_of(const std::vector<const Attempt*>& attempts) {
  std::vector<FrameId> frames;
  for (const auto* attempt : attempts)
    frames.insert(frames.end(), attempt->exchange.left.begin(), attempt->exchange.left.end());
  return frames;
}

Text look_here(const char* what) {
  return say(
      "on the machine of this capture, while somebody connects: which rule, route or table "
      "stops the {}? `nft list ruleset`, `iptables -vnL FORWARD`, `nstat -az "
      "TcpExtIPReversePathFilter`",
      what);
}

Explanation stops(Mechanism mechanism, unsigned rank, std::vector<Evidence> because,
                  const char* what) {
  return {mechanism, rank, this_router, std::move(because), {}, look_here(what)};
}

Verdict by_this_router(std::vector<Explanation> found) {
  return {Outcome::dropped, {this_router, Confidence::strong}, std::move(found), {}};
}

Verdict stopped(std::vector<FrameId> syns, const Passages& passages) {
  auto cited = syns;
  cited.push_back(passages.question);
  const Evidence once{
      say("The capture shows both sides of the machine that it was made on: what passes comes in "
          "and goes out with one hop less. Of {} SYNs to this port each comes in, and none goes "
          "out: that machine stops them.",
          syns.size()),
      std::move(cited)};
  return by_this_router(list_of(stops(Mechanism::filter_drop, 1, {once}, "SYNs"),
                                stops(Mechanism::syn_filter, 2, {once}, "SYNs")));
}

/// All answers of those SYNs that went on came in, and none went out.
std::vector<FrameId> answers_kept(const std::vector<const Attempt*>& attempts) {
  std::vector<FrameId> kept;
  for (const auto* attempt : attempts) {
    const auto& replies = attempt->exchange.replies;
    if (!attempt->passed_on || replies.empty() || attempt->answers_passed_on != 0) return {};
    for (const auto& reply : replies) {
      if (reply.kind != ReplyKind::syn_ack) return {};
      kept.push_back(reply.frame);
    }
  }
  return kept;
}

Verdict answers_stopped(std::vector<FrameId> answers, const Passages& passages) {
  auto cited = answers;
  cited.push_back(*passages.answer);
  const Evidence once{
      say("The capture shows both sides of the machine that it was made on. The SYNs pass it; of "
          "{} SYN/ACKs each comes in, and none goes out as other answers do: that machine stops "
          "them.",
          answers.size()),
      std::move(cited)};
  return by_this_router(list_of(stops(Mechanism::answer_lost, 1, {once}, "SYN/ACKs")));
}

}  // namespace

void Passages::add(const Attempt& attempt) {
  if (!attempt.passed_on || attempt.apart) return;
  comes_in = std::max(comes_in.value_or(HopLimit{}), attempt.exchange.spec.question.hop_limit);
  question = attempt.exchange.left.front();
  const auto& replies = attempt.exchange.replies;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (is_passed_on(attempt, i)) answer = replies[i].frame;
}

std::optional<Verdict> stopped_here(const std::vector<Attempt>& sample, const IpAddress& client,
                                    const Passages& passages) {
  if (!passages.comes_in) return {};
  const auto silent = silent_ones(sample, client);
  if (silent.empty()) return {};
  if (std::ranges::all_of(
          silent, [&](const Attempt* attempt) { return comes_in_alone(*attempt, passages); })) {
    auto syns = syns_of(silent);
    if (syns.size() >= no_chance) return stopped(std::move(syns), passages);
  }
  auto answers = passages.answer ? answers_kept(silent) : std::vector<FrameId>{};
  if (answers.size() >= no_chance) return answers_stopped(std::move(answers), passages);
  return {};
}

}  // namespace hopblame::offline
