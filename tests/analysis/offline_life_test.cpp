// What a host answers at other times than the one in question.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// SYNs to port 22 at 100, 101 and 103 s that nobody answers; port 443 answers at these times.
struct Asked : Scene {
  explicit Asked(std::vector<Duration> answered) {
    std::vector<Duration> silent{100s, 101s, 103s};
    for (Duration at = 0s; at <= 200s; at += 500ms) {
      if (std::ranges::find(silent, at) != silent.end()) ask_port(22, at, 40000);
      if (std::ranges::find(answered, at) == answered.end()) continue;
      ask_port(443, at, ++other);
      answer(at + 1ms, other, syn_ack, 61, 500);
    }
  }
  void ask_port(std::uint16_t wanted, Duration at, std::uint16_t from) {
    port = wanted;
    ask(at, from);
  }
  Verdict of_silent() { return verdict_of(22).verdict; }
  std::uint16_t other = 50000;
};

bool may_be_off(const Verdict& verdict) {
  return std::ranges::any_of(verdict.explanations, [](const Explanation& found) {
    return found.mechanism == Mechanism::host_silent && found.rank == 1;
  });
}

}  // namespace

TEST_CASE("a host that answers while a port keeps silent is there") {
  const auto at = GENERATE(Duration(99500ms), Duration(102s), Duration(104s));
  const auto verdict = Asked({at}).of_silent();
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK_FALSE(may_be_off(verdict));
  CHECK(verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("a host that answered before, or after, may have been off in between") {
  const auto at = GENERATE(Duration(10s), Duration(97s), Duration(108s), Duration(190s));
  const auto verdict = Asked({at}).of_silent();
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(may_be_off(verdict));
  CHECK(verdict.culprit.confidence == Confidence::weak);
  const auto& told = verdict.explanations.front().because.back();
  CHECK(told.text.str().find("which says nothing of the time in between") != std::string::npos);
  CHECK(told.packets.size() == 1);
}

TEST_CASE("a host that answered before and after was there") {
  const auto verdict = Asked({90s, 120s}).of_silent();
  CHECK_FALSE(may_be_off(verdict));
}

TEST_CASE("of several other ports the one that answers at that time tells most") {
  auto scene = Asked({10s});
  scene.port = 80;
  scene.ask(102s, 60000);  // later in the file, though earlier than its end
  scene.answer(102001ms, 60000, syn_ack, 61, 500);
  CHECK_FALSE(may_be_off(scene.of_silent()));
}

TEST_CASE("a host that refuses other ports while one keeps silent is there") {
  auto scene = Asked({});
  scene.port = 23;
  const auto at = GENERATE(Duration(10s), Duration(102s));
  scene.ask(at, 50001);
  SECTION("with a RST") { scene.answer(at + 1ms, 50001, reset_ack); }
  SECTION("with a message of its own") {
    IcmpError error{3, 3, Quote{}, {}};
    error.quote->flow = scene.flow(50001);
    error.quote->tcp_sequence = 1000;
    scene.see(at + 1ms, {Transport::icmp, {server, 0}, {client, 0}}, 61, error);
  }
  const auto verdict = scene.of_silent();
  CHECK(may_be_off(verdict) == (at == Duration(10s)));
  CHECK(lists(verdict.explanations, Mechanism::filter_drop));
}

TEST_CASE("a connection that goes on while a port keeps silent shows that the host is there") {
  Scene scene;
  const bool begun_before = GENERATE(true, false), unheard = GENERATE(false, true);
  const auto until = GENERATE(Duration(90s), Duration(130s));
  scene.port = 2222;
  if (!begun_before) scene.shake_hands(60s, 40000);
  for (std::uint32_t i = 0; i < 69; ++i) {
    const auto at = 61s + i * 1s;
    scene.port = 2222;
    const auto next = unheard ? std::min(i, 29u) : i;  // what is not acknowledged is repeated
    if (at < until) scene.hears(at, 501 + next, 1, 1001 + next);
    if (at < until && (!unheard || at < 90s))
      scene.see(at + 1ms, scene.flow(40000).reversed(), 61, Scene::with("x", 501 + i, 1002 + i));
    scene.port = 22;
    if (at == 100s || at == 101s || at == 103s) scene.ask(at + 2ms, 40001);
  }
  const auto verdict = scene.verdict_of(22).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(may_be_off(verdict) == (unheard || until == Duration(90s)));
}

TEST_CASE("that nothing else was asked of a host is said only where it is so") {
  const auto said = [](const Verdict& verdict) {
    return std::ranges::any_of(verdict.explanations, [](const Explanation& found) {
      return std::ranges::any_of(found.because, [](const Evidence& why) {
        return why.text.str().find("Nothing else was asked") != std::string::npos;
      });
    });
  };
  auto scene = Asked({});
  const bool asked = GENERATE(true, false);
  if (asked) scene.ask_port(23, 102s, 50001);
  CHECK(said(scene.of_silent()) == !asked);
}

TEST_CASE("a way that is lost now was there when the host answered") {
  const auto before = GENERATE(std::optional<Duration>(), Duration(100s), Duration(699500ms));
  Scene scene;
  if (before) {
    scene.port = 443;
    scene.ask(*before, 50000);
    scene.answer(*before + 1ms, 50000, syn_ack, 61, 500);
  }
  scene.port = 22;
  scene.ask(700s, 40000);
  IcmpError error{3, 0, Quote{}, {}};
  error.quote->flow = scene.flow(40000);
  error.quote->tcp_sequence = 1000;
  scene.see(700s + 1ms, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  CaptureFacts facts;
  facts.horizon = scene.now;
  for (const auto& target : scene.book.targets()) {
    if (target.endpoint.port != 22) continue;
    const auto verdict =
        inspect({scene.book, scene.tracker.counts(), facts, scene.around, true}, target)
            .analysis.verdict;
    const bool then = before == Duration(699500ms);
    CHECK(lists(verdict.explanations, Mechanism::no_route) == !then);
    CHECK(verdict.outcome == (then ? Outcome::rejected : Outcome::unreachable));
  }
}
