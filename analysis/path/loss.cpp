#include "analysis/path/loss.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/model/level.hpp"
#include "analysis/path/overtaken.hpp"

namespace hopblame {
namespace {

/// Of the questions of one exchange at most so many: where the way is longer than the second after
/// which a SYN is repeated, all RSTs come after all of them. A SYN/ACK is repeated unasked.
unsigned without_a_reset(const Exchange& exchange) {
  const auto resets = std::ranges::count_if(exchange.replies, [](const Reply& reply) {
    return reply.kind == ReplyKind::reset_ack || reply.kind == ReplyKind::reset;
  });
  const auto asked = static_cast<std::ptrdiff_t>(exchange.left.size());
  return static_cast<unsigned>(std::max<std::ptrdiff_t>(asked - resets, 0));
}

/// Some stacks ask again although they were answered: Windows, when it is refused. The first answer
/// may be recorded before its question.
unsigned unanswered(const Exchange& exchange) {
  const auto& asked = exchange.left;
  unsigned lost = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto before = i + 1 < asked.size() ? asked[i + 1] : FrameId{UINT64_MAX};
    lost += std::ranges::none_of(exchange.replies, [&](const Reply& reply) {
      return is_due_answer(reply) && (i == 0 || asked[i] < reply.frame) && reply.frame < before;
    });
  }
  return std::min(lost, without_a_reset(exchange));
}

using Probes = std::vector<const Exchange*>;

DueAnswers asked_of(const Step& step, TimePoint until, const Probes& excused) {
  DueAnswers count;
  for (const auto* exchange : step.exchanges) {
    if (exchange->at > until || std::ranges::find(excused, exchange) != excused.end()) continue;
    count.due += static_cast<unsigned>(exchange->left.size());
    count.lost += unanswered(*exchange);
  }
  return count;
}

/// The host's own stack answers whatever arrives; a router that rejects sends only so many ICMP
/// messages, and need not answer at every distance.
bool ends_in_segments(const Walk& walk, std::uint8_t end) {
  return walk.steps.at(end).ends.front()->segment.has_value();
}

/// Where segments begin to answer every SYN.
std::uint8_t segments_from(const Walk& walk) {
  const auto end = walk.first_end();
  const bool every = end && !is_open(walk) && ends_in_segments(walk, *end);
  return every ? *end : full_hop_limit.value;
}

bool ever_answered(const Step& step) { return !step.time_exceeded.empty() || !step.ends.empty(); }
bool any_step(const Step&) { return true; }

template <typename Wanted>
DueAnswers sum_of(const Walk& walk, std::uint8_t first, std::uint8_t last, TimePoint until,
                  Wanted wanted) {
  const auto all_but = [&](const Probes& excused) {
    DueAnswers sum;
    for (const auto& [distance, step] : walk.steps)
      if (distance >= first && distance <= last && wanted(step))
        sum += asked_of(step, until, excused);
    return sum;
  };
  const auto sum = all_but({});
  return sum.lost == 0 ? sum : all_but(overtaken(walk, segments_from(walk)));
}

/// Of full length.
DueAnswers answered_by_segments(const Walk& walk, TimePoint until) {
  const auto full = walk.steps.find(full_hop_limit.value);
  const bool by_segments =
      full != walk.steps.end() && std::ranges::any_of(full->second.ends, [](const Reply* reply) {
        return reply->kind != ReplyKind::icmp_error && reply->kind != ReplyKind::other_segment;
      });
  constexpr auto all_the_way = full_hop_limit.value;
  return by_segments ? due_answers(walk, all_the_way, all_the_way, until) : DueAnswers{};
}

double choose(unsigned all, unsigned some) {
  return std::exp(std::lgamma(all + 1.0) - std::lgamma(some + 1.0) - std::lgamma(all - some + 1.0));
}

/// How often, before it is as improbable as `chance` that all of them were lost.
unsigned tries_against(double chance, double loss) {
  return static_cast<unsigned>(std::ceil(std::log(chance) / std::log(loss)));
}

}  // namespace

DueAnswers& DueAnswers::operator+=(const DueAnswers& other) {
  due += other.due;
  lost += other.lost;
  return *this;
}

bool is_due_answer(const Reply& reply) { return reply.kind != ReplyKind::other_segment; }

unsigned silent_copies(const Exchange& exchange) {
  const auto others = static_cast<unsigned>(std::max<std::size_t>(exchange.left.size(), 1) - 1);
  return std::min(unanswered(exchange), others);
}

bool has_due_answer(const Exchange& exchange) {
  return std::ranges::any_of(exchange.replies, is_due_answer);
}

bool is_open(const Walk& walk) {
  return std::ranges::any_of(walk.steps, [](const auto& entry) {
    return std::ranges::any_of(
        entry.second.ends, [](const Reply* reply) { return reply->kind == ReplyKind::syn_ack; });
  });
}

DueAnswers asked_between(const Walk& walk, std::uint8_t first, std::uint8_t last, TimePoint until) {
  return sum_of(walk, first, last, until, any_step);
}

DueAnswers due_answers(const Walk& walk, std::uint8_t first, std::uint8_t last, TimePoint until) {
  return sum_of(walk, first, last, until, ever_answered);
}

DueAnswers direct_answers(const Walk& walk, TimePoint until) {
  const auto end = walk.first_end();
  if (!end) return {};
  const auto first = is_open(walk) ? full_hop_limit.value : *end;
  return ends_in_segments(walk, *end) ? asked_between(walk, first, full_hop_limit.value, until)
                                      : due_answers(walk, first, full_hop_limit.value, until);
}

DueAnswers answered_syns(const Walk& target, const Walk& control, TimePoint until) {
  auto answers = answered_by_segments(target, until);
  if (answered_by_segments(control, until).due > 0) answers += direct_answers(control, until);
  return answers;
}

double chance_to_be_spared(const DueAnswers& some, const DueAnswers& others) {
  const unsigned lost = some.lost + others.lost, all = some.due + others.due;
  double probability = 0;
  for (unsigned k = 0; k <= others.lost; ++k)
    if (k <= others.due && lost - k <= some.due)
      probability += choose(others.due, k) * choose(some.due, lost - k) / choose(all, lost);
  return probability;
}

bool could_be_chance(double loss, unsigned asked) { return std::pow(loss, asked) > level::place; }

bool may_be_lost(const DueAnswers& known, double loss, unsigned asked) {
  return known.lost > 0 && std::pow(loss, asked) > level::excluded;
}

unsigned tries_against_chance(double loss) { return tries_against(level::place, loss); }
unsigned tries_to_exclude_loss(double loss) { return tries_against(level::excluded, loss); }

unsigned tries_to_lose_one(double loss) { return tries_against_chance(1 - loss); }

double one_way(double loss) { return 1 - std::sqrt(1 - loss); }

Duration greeting_sent(unsigned times) {
  return std::chrono::seconds(3) * ((1 << std::clamp(times, 1u, 16u) >> 1) - 1);
}

unsigned greetings_sent(Duration since_connected) {
  unsigned times = 1;
  while (times < 16 && since_connected >= greeting_sent(times + 1)) ++times;
  return times;
}

}  // namespace hopblame
