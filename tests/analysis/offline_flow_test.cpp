// What decides which connections fail: the flow, or that others fill the backlog.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

bool mentions(const Verdict& verdict, std::string_view words) {
  return std::ranges::any_of(verdict.explanations, [&](const Explanation& explanation) {
    return std::ranges::any_of(explanation.because, [&](const Evidence& evidence) {
      return evidence.text.str().find(words) != std::string::npos;
    });
  });
}

void in_vain(Scene& scene, Duration at, std::uint16_t from) {
  for (const auto again : {0s, 1s, 3s}) scene.ask(at + again, from);
}

}  // namespace

TEST_CASE("connections that lose every SYN, in turns with others that lose none") {
  Scene scene;
  const bool by_parity = GENERATE(true, false);
  for (std::uint16_t i = 0; i < 8; ++i) {
    const auto port = static_cast<std::uint16_t>(40000 + (by_parity ? i : i * 7 / 2));
    if (i % 2 == 0)
      scene.connect(i * 4s, port);
    else
      in_vain(scene, i * 4s, port);
  }
  SECTION("always") {
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::intermittent);
    CHECK(mentions(verdict, "It goes by the flow"));
    CHECK(mentions(verdict, "of the former are all odd") == by_parity);
  }
  SECTION("one of them is let in late") {
    scene.ask(40s, 50000);
    scene.connect(41s, 50000);
    CHECK_FALSE(mentions(scene.verdict().verdict, "It goes by the flow"));
  }
}

TEST_CASE("half-made connections of many others fill the backlog") {
  Scene scene;
  const std::uint32_t others = GENERATE(2u, 3u);
  for (std::uint32_t i = 0; i < others; ++i) {
    scene.who = IpAddress::v4(0xc0000220u + i);
    scene.ask(i * 1ms, 40000);
  }
  for (const auto again : {0s, 1s, 3s})
    for (std::uint32_t i = 0; i < others; ++i) {
      scene.who = IpAddress::v4(0xc0000220u + i);
      scene.answer(again + 10ms + i * 1ms, 40000, syn_ack, 61, 500);
    }
  scene.who = client;
  in_vain(scene, 4s, 40000);
  scene.now += 3s;
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK((verdict.explanations.front().mechanism == Mechanism::accept_queue_full) == (others > 2));
}

TEST_CASE("a program that tries both families does not wait for the one that is silent") {
  Scene scene;
  const Flow six{Transport::tcp,
                 {*IpAddress::parse("2001:db8::10"), 40000},
                 {*IpAddress::parse("2001:db8:1::10"), 22}};
  TcpSegment syn;
  syn.flags = tcp_flag::syn;
  syn.sequence = 7000;
  syn.sack_permitted = true;
  scene.see(0s, six, 64, syn);
  const auto delay = GENERATE(30ms, 250ms, 5000ms);
  scene.connect(delay, 40000);
  scene.now = TimePoint(10s);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  const auto& targets = scene.book.targets();
  const auto& target = targets[0].endpoint.address.family == Family::ipv6 ? targets[0] : targets[1];
  const auto analysis = scene.verdict_on(target);
  const auto& caveats = analysis.verdict.caveats;
  CHECK(std::ranges::any_of(caveats, [](const Caveat& caveat) {
          return caveat.text.str().find("RFC 8305") != std::string::npos;
        }) == (delay < 2s));
  CHECK(std::ranges::any_of(caveats, [](const Caveat& caveat) {
          return caveat.text.str().find("after 250.0 ms at the earliest") != std::string::npos;
        }) == (delay == 250ms));
}

TEST_CASE("of both families the last SYN may be undecided, and others may have been answered") {
  Scene scene;
  const Flow six{Transport::tcp,
                 {*IpAddress::parse("2001:db8::10"), 40000},
                 {*IpAddress::parse("2001:db8:1::10"), 22}};
  TcpSegment syn;
  syn.flags = tcp_flag::syn;
  syn.sequence = 7000;
  syn.sack_permitted = true;
  const bool again = GENERATE(false, true);
  for (const auto at : {0s, 20s, 40s}) {
    auto flow = six;
    flow.source.port = static_cast<std::uint16_t>(40000 + at.count());
    scene.see(at, flow, 64, syn);
    scene.connect(at + 250ms, flow.source.port);
    if (again) scene.see(at + 1s, flow, 64, syn);
  }
  scene.tracker.finish(scene.now);
  scene.book.settle();
  const auto& targets = scene.book.targets();
  const auto& target = targets[0].endpoint.address.family == Family::ipv6 ? targets[0] : targets[1];
  const auto analysis = scene.verdict_on(target);
  CHECK(std::ranges::any_of(analysis.verdict.caveats, [](const Caveat& caveat) {
          return caveat.text.str().find("RFC 8305") != std::string::npos;
        }) == !again);
}
