// What pings, and datagrams that a host turns away, tell of a port that keeps silent.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// SYNs at 100, 101 and 103 s that nobody answers; a ping each second from `first` to `last`.
struct Asked : Scene {
  Asked(Duration first, Duration last, auto answered) {
    for (Duration at = 0s; at <= 200s; at += 500ms) {
      if (at == 100s || at == 101s || at == 103s) ask(at, 40000);
      if (at < first || at > last || at % 1s != 0s) continue;
      const auto number = static_cast<std::uint16_t>(at / 1s);
      see(at + 1ms, there, 64, IcmpEcho{false, 7, number});
      if (answered(at)) see(at + 2ms, there.reversed(), 61, IcmpEcho{true, 7, number});
    }
  }
  Flow there{Transport::icmp, {client, 0}, {server, 0}};
};

bool never(Duration) { return false; }
bool always(Duration) { return true; }

bool may_be_off(const Verdict& verdict) {
  return lists(verdict.explanations, Mechanism::host_silent);
}

std::string all_of(const Verdict& verdict) {
  std::string text;
  for (const auto& explanation : verdict.explanations)
    for (const auto& why : explanation.because) text += why.text.str() + '\n';
  return text;
}

}  // namespace

TEST_CASE("a host that answers pings while a port keeps silent is there") {
  const auto first = GENERATE(Duration(0s), Duration(90s), Duration(102s));
  const auto last = GENERATE(Duration(102s), Duration(110s), Duration(200s));
  const auto verdict = Asked(first, last, always).verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK_FALSE(may_be_off(verdict));
  CHECK(verdict.culprit.confidence == Confidence::strong);
  CHECK(all_of(verdict).find("it answers pings meanwhile") != std::string::npos);
}

TEST_CASE("a host that answers pings, but not at that time, may have been off") {
  const auto back = GENERATE(Duration(106s), Duration(150s), Duration(300s));
  const auto verdict =
      Asked(0s, 200s, [&](Duration at) { return at < 100s || at > back; }).verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(may_be_off(verdict));
  CHECK(verdict.culprit.confidence == Confidence::weak);
  const auto text = all_of(verdict);
  CHECK(text.find("at other times the host answers pings") != std::string::npos);
  CHECK(text.find("Nothing else was asked") == std::string::npos);
}

TEST_CASE("one ping of many that gets lost takes no host away") {
  const auto verdict = Asked(0s, 200s, [](Duration at) { return at != 102s; }).verdict().verdict;
  CHECK_FALSE(may_be_off(verdict));
}

TEST_CASE("a host that never answers pings is asked in vain") {
  const auto verdict = Asked(90s, 110s, never).verdict().verdict;
  CHECK(may_be_off(verdict));
  const auto text = all_of(verdict);
  CHECK(text.find("or the host answers no pings") != std::string::npos);
  CHECK(text.find("Nothing else was asked") == std::string::npos);
}

TEST_CASE("pings in vain tell nothing of a host that answers none but is there") {
  auto scene = Asked(0s, 200s, never);
  scene.port = 443;
  for (const auto at : {201s, 202s}) scene.connect(at, 41000);
  const auto verdict = scene.verdict_of(22).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
}

TEST_CASE("a host that turns a datagram away while a port keeps silent is there") {
  const bool then = GENERATE(true, false), own = GENERATE(true, false);
  Scene scene;
  const auto datagram = [&](Duration at) {
    IcmpError error{3, 3, Quote{}, {}};
    error.quote->flow = {Transport::udp, {client, 5000}, {server, 33434}};
    const auto& sender = own ? server : router;
    scene.see(at, {Transport::icmp, {sender, 0}, {client, 0}}, 61, error);
  };
  if (!then) datagram(10s);
  for (const auto at : {100s, 101s, 103s}) {
    scene.ask(at, 40000);
    if (then && at == 101s) datagram(101500ms);
  }
  scene.now += 10s;
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(may_be_off(verdict) == !(then && own));
  const bool told = all_of(verdict).find("which says nothing of the time") != std::string::npos;
  CHECK(told == (!then && own));
}

TEST_CASE("of many pings a few are kept, from all of the time") {
  PingLog log;
  for (int at = 0; at < 100'000; ++at) log.add({client, TimePoint(at * 1s), {1}, {}});
  const auto& kept = log.kept();
  REQUIRE(kept.size() > 60);
  CHECK(kept.size() <= 128);
  for (std::size_t i = 1; i < kept.size(); ++i)
    CHECK(kept[i].at - kept[i - 1].at == kept[1].at - kept[0].at);
  CHECK(TimePoint(100'000s) - kept.back().at <= kept[1].at - kept[0].at);
}
