#include "analysis/path/port_flows.hpp"

#include <list>

#include "analysis/model/level.hpp"
#include "analysis/path/limits.hpp"
#include "analysis/path/one_at_a_time.hpp"
#include "analysis/path/who_decides.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{};

/// Builds exchanges one by one; they stay where they are.
struct Asked {
  std::vector<Exchange> exchanges;

  Exchange& syn(std::uint8_t lane, Duration at, std::uint8_t hops = full_hop_limit.value) {
    auto& exchange = exchanges.emplace_back();
    exchange.spec.question = {ProbeKind::syn, Aim::target, lane, {hops}};
    exchange.spec.flow.source.port = static_cast<std::uint16_t>(40'000 + lane);
    exchange.at = start + at;
    exchange.left.push_back({exchanges.size()});
    return exchange;
  }
  void answered(std::uint8_t lane, Duration at, ReplyKind kind = ReplyKind::syn_ack,
                std::uint8_t hops = full_hop_limit.value) {
    reply(syn(lane, at, hops), at + 1ms, kind);
  }
  static void reply(Exchange& exchange, Duration at, ReplyKind kind) {
    auto& reply = exchange.replies.emplace_back();
    reply.at = start + at;
    reply.kind = kind;
  }
  [[nodiscard]] std::vector<PortFlow> flows() const { return flows_to(exchanges, Aim::target); }
  [[nodiscard]] bool by_flow(const std::vector<PortFlow>& control = {}) const {
    const auto contrast = contrast_of(flows());
    if (!contrast) return false;
    auto all = beside(exchanges, *contrast);
    if (!control.empty()) all.control = control;
    return is_by_flow(*contrast, all);
  }
  [[nodiscard]] bool leans() const {
    return leans_to_flow(*contrast_of(flows()), {}, level::leans_to_flow);
  }
};

/// Two flows through, two not; the silent ones again each second, an accepted one right after.
Asked divided(int beats) {
  Asked asked;
  asked.answered(0, 0ms);
  asked.syn(1, 1ms);
  asked.answered(2, 2ms);
  asked.syn(3, 3ms);
  for (int beat = 1; beat <= beats; ++beat) {
    asked.syn(1, beat * 1100ms);
    asked.answered(beat % 2 == 0 ? 0 : 2, beat * 1100ms + 1ms);
    asked.syn(3, beat * 1100ms + 2ms);
  }
  return asked;
}

}  // namespace

TEST_CASE("Flows: each stays what it was, in turns: the flow decides") {
  CHECK(divided(6).by_flow());
  CHECK_FALSE(divided(1).by_flow());  // chance may have it so
}

TEST_CASE(
    "Flows: refused by the host is through as well as accepted; a limit and chance stay out") {
  auto closed = divided(6);
  for (auto& exchange : closed.exchanges)
    for (auto& reply : exchange.replies) reply.kind = ReplyKind::reset_ack;
  CHECK(closed.by_flow());
  const auto contrast = contrast_of(closed.flows());
  REQUIRE(contrast);
  CHECK(contrast->at_host == SynFate::reset);
  CHECK(contrast->fate == SynFate::silent);
  closed.answered(1, 9s, ReplyKind::reset_ack);
  closed.answered(3, 9s, ReplyKind::reset_ack);
  CHECK_FALSE(closed.by_flow());
}

TEST_CASE("Flows: one that is silent once and answered then was unlucky") {
  auto asked = divided(6);
  asked.answered(1, 9s);
  CHECK(asked.flows()[1].fate == SynFate::accepted);
  asked.answered(3, 9s);
  CHECK_FALSE(asked.by_flow());
}

TEST_CASE("Flows: an answer lost on an accepted flow leaves it to the flow, many do not") {
  auto asked = divided(6);
  asked.syn(2, 9s);
  CHECK(asked.by_flow());
  for (auto at = 10s; at < 14s; at += 1s) asked.syn(2, at);
  CHECK_FALSE(asked.by_flow());
  CHECK(asked.leans());
  for (auto at = 14s; at < 40s; at += 1s) asked.syn(at.count() % 2 == 0 ? 0 : 2, at);
  CHECK_FALSE(asked.leans());
}

TEST_CASE("Flows: those to the other port may take the same ways and tell as well") {
  const auto few = divided(2);
  CHECK_FALSE(few.by_flow());
  CHECK(few.by_flow(divided(6).flows()));
  auto closed = divided(0);  // no other port's flow is swallowed: that tells nothing of these
  std::erase_if(closed.exchanges, [](const Exchange& exchange) { return !exchange.answered(); });
  CHECK_FALSE(few.by_flow(closed.flows()));
}

TEST_CASE("Flows: the odds are even where each flow was asked once") {
  const auto odds = odds_of_flow(divided(0).flows(), 0.05);
  CHECK(odds > 0.5);
  CHECK(odds < 2);
  CHECK(odds_of_flow(divided(6).flows(), 0.05) > 10'000);
}

TEST_CASE("Flows: refused and accepted in turns by flow; a single change proves nothing") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.answered(1, 1ms, ReplyKind::reset_ack);
  CHECK(contrast_of(asked.flows())->fate == SynFate::reset);
  CHECK_FALSE(asked.by_flow());  // a service that went away looks the same
  asked.answered(2, 2ms);
  CHECK(asked.by_flow());
  asked.answered(1, 3ms);
  CHECK_FALSE(asked.by_flow());
}

TEST_CASE("Flows: one that keeps silent beside answers of both kinds is among neither") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.answered(1, 1ms, ReplyKind::icmp_error);
  asked.syn(2, 2ms);
  const auto contrast = contrast_of(asked.flows());
  REQUIRE(contrast);
  CHECK(contrast->through.size() == 1);
  CHECK(contrast->others.size() == 1);
  CHECK(contrast->neither == 1);
}

TEST_CASE("Flows: one that gets past whoever refused another is a turn as well") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.answered(1, 1ms, ReplyKind::reset_ack);
  asked.answered(1, 2ms, ReplyKind::reset_ack, 3);
  asked.answered(4, 3ms, ReplyKind::time_exceeded, 2);
  CHECK_FALSE(asked.by_flow());  // it died before
  asked.answered(4, 4ms, ReplyKind::time_exceeded, 3);
  CHECK(asked.by_flow());
}

TEST_CASE("Flows: refused in turns as one in a while is by a limit leaves the limit") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.answered(1, 1ms, ReplyKind::reset_ack);
  asked.answered(2, 1100ms);
  asked.answered(3, 1101ms, ReplyKind::reset_ack);
  CHECK_FALSE(asked.by_flow());
}

TEST_CASE("Flows: a probe with two answers is a race, not a way") {
  Asked asked;
  asked.answered(0, 0ms);
  auto& raced = asked.syn(1, 1ms);
  Asked::reply(raced, 2ms, ReplyKind::reset_ack);
  Asked::reply(raced, 3ms, ReplyKind::syn_ack);
  asked.answered(2, 4ms);
  CHECK_FALSE(answers_agree(*contrast_of(asked.flows())));
  CHECK_FALSE(asked.by_flow());
}

TEST_CASE("Flows: a bare ACK to the next SYN of a half-open flow is an answer to it") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.syn(0, 1100ms, 9);
  Asked::reply(asked.exchanges[0], 1101ms, ReplyKind::other_segment);
  const auto flows = asked.flows();
  REQUIRE(flows.size() == 1);
  CHECK(flows[0].tries.size() == 2);
  CHECK_FALSE(flows[0].met(SynFate::silent));
  CHECK(nearest_arrival(flows) == 9);
}

TEST_CASE("Flows: connect()'s flow may change its way, for its kernel looks for another") {
  auto asked = divided(6);
  auto& own = asked.syn(9, 5ms);
  own.origin = Origin::kernel;
  own.left.push_back({99});
  Asked::reply(own, 1010ms, ReplyKind::syn_ack);
  CHECK(asked.by_flow());
}

namespace {

std::vector<Passage> through(std::initializer_list<std::pair<double, bool>> seen) {
  std::vector<Passage> passages;
  for (const auto& [at, passed] : seen)
    passages.push_back({start + Duration(static_cast<std::int64_t>(at * 1e9)), passed});
  return passages;
}

}  // namespace

TEST_CASE("Limits: one a second, six in half a minute, and what none of them does") {
  CHECK(misfits_of_best_limit(through({{0, true},
                                       {0.1, false},
                                       {0.2, false},
                                       {1.1, true},
                                       {1.2, false},
                                       {2.3, true},
                                       {2.4, false}})) == 0);
  CHECK(misfits_of_best_limit(through({{0, true},
                                       {0.1, true},
                                       {0.2, true},
                                       {0.3, true},
                                       {0.4, true},
                                       {0.5, false},
                                       {3, false},
                                       {9, false}})) == 0);
  std::vector<Passage> unlike_a_limit;
  for (int beat = 0; beat < 6; ++beat)
    for (const auto& one : through({{1.1 * beat, false}, {1.1 * beat + 0.001, true}}))
      unlike_a_limit.push_back(one);
  CHECK(misfits_of_best_limit(unlike_a_limit) >= 3);
}

TEST_CASE("Flows: refused while the last accepted one holds the service") {
  Asked asked;
  asked.answered(0, 0ms);
  for (const auto at : {1ms, 20ms, 300ms, 900ms})
    asked.answered(static_cast<std::uint8_t>(1 + at / 100ms), at, ReplyKind::reset_ack);
  CHECK(held_by_last(*contrast_of(asked.flows())) == 900ms);
  asked.answered(0, 950ms);  // its own flow may be answered anew
  asked.answered(20, 1200ms, ReplyKind::reset_ack);
  asked.answered(21, 2200ms);
  CHECK(held_by_last(*contrast_of(asked.flows())));
  asked.answered(22, 2400ms);  // nobody waits for the last one
  CHECK_FALSE(held_by_last(*contrast_of(asked.flows())));
}

TEST_CASE("Flows: refused before any was accepted, or once only, is held by none") {
  Asked asked;
  asked.answered(0, 0ms, ReplyKind::reset_ack);
  asked.answered(1, 1ms);
  asked.answered(2, 2ms, ReplyKind::reset_ack);
  asked.answered(3, 3ms, ReplyKind::reset_ack);
  CHECK_FALSE(held_by_last(*contrast_of(asked.flows())));
  Asked once;
  once.answered(0, 0ms);
  once.answered(1, 1ms, ReplyKind::reset_ack);
  CHECK_FALSE(held_by_last(*contrast_of(once.flows())));
}

TEST_CASE("Flows: refused while connect() holds the service, which our own do not") {
  Asked asked;
  asked.answered(0, 0ms);
  asked.answered(1, 1ms);
  asked.exchanges.back().origin = Origin::kernel;
  asked.answered(2, 20ms, ReplyKind::reset_ack);
  asked.answered(3, 900ms, ReplyKind::reset_ack);
  CHECK_FALSE(held_by_last(*contrast_of(asked.flows())));
  CHECK(held_by_connect(*contrast_of(asked.flows()), start + 3s));
  CHECK_FALSE(held_by_connect(*contrast_of(asked.flows()), start + 500ms));
  asked.answered(4, 950ms);
  CHECK_FALSE(held_by_connect(*contrast_of(asked.flows()), start + 3s));
}
