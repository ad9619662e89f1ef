// What else fails, or works, at the same moments.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress other_host = IpAddress::v4(0xcb007117), other_client = IpAddress::v4(0xc000024d);

bool mentions(const Verdict& verdict, std::string_view words) {
  return std::ranges::any_of(verdict.explanations, [&](const Explanation& explanation) {
    return std::ranges::any_of(explanation.because, [&](const Evidence& evidence) {
      return evidence.text.str().find(words) != std::string::npos;
    });
  });
}

struct Network : Scene {
  std::uint32_t number = 5000;

  TcpSegment segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t heard) const {
    TcpSegment made;
    made.flags = flags;
    made.sequence = sequence;
    made.acknowledgment = heard;
    made.sack_permitted = made.is_syn() || made.is_syn_ack();
    return made;
  }
  Flow from(const IpAddress& asks, const IpAddress& host, std::uint16_t to) {
    return {Transport::tcp, {asks, static_cast<std::uint16_t>(++number)}, {host, to}};
  }
  void in_vain(Duration at, const Flow& flow) {
    for (const auto again : {0s, 1s, 3s}) later.emplace_back(at + again, flow, tcp_flag::syn);
  }
  void refused(Duration at, const Flow& flow) {
    later.emplace_back(at, flow, tcp_flag::syn);
    later.emplace_back(at + 40ms, flow.reversed(), reset_ack);
  }
  void answered(Duration at, const Flow& flow) {
    later.emplace_back(at, flow, tcp_flag::syn);
    later.emplace_back(at + 2ms, flow.reversed(), syn_ack);
    later.emplace_back(at + 3ms, flow, tcp_flag::rst);
  }
  /// In the order of time.
  void play() {
    std::ranges::stable_sort(later, {}, [](const auto& one) { return std::get<0>(one); });
    for (const auto& [at, flow, flags] : later)
      see(at, flow, 64,
          segment(flags, flags == reset_ack ? 0 : 7000 + flow.source.port,
                  7001u + flow.destination.port));
  }
  Verdict of(const IpAddress& host) {
    tracker.finish(now);
    book.settle();
    for (const auto& target : book.targets())
      if (target.endpoint.address == host) return verdict_on(target).verdict;
    FAIL("nobody asked it");
    return {};
  }
  std::vector<std::tuple<Duration, Flow, std::uint8_t>> later;
};

}  // namespace

TEST_CASE("another host that answers while one keeps silent shows that this end works") {
  Network network;
  network.in_vain(100s, network.from(client, server, 22));
  const auto at = GENERATE(Duration(101500ms), Duration(10s));
  network.answered(at, network.from(client, other_host, 443));
  network.later.emplace_back(120s, network.from(client, router, 9), tcp_flag::syn);
  network.play();
  CHECK(mentions(network.of(server), "another host answers this client") == (at > 100s));
}

TEST_CASE("hosts that fall silent together have this end of the way in common") {
  Network network;
  const bool worked = GENERATE(true, false);
  const auto after = GENERATE(Duration(1s), Duration(20s));
  for (const auto at : {0s, 10s, 20s}) {
    network.answered(at, network.from(client, server, 443));
    if (worked) network.answered(at + 1s, network.from(client, other_host, 443));
  }
  network.in_vain(30s, network.from(client, server, 443));
  network.in_vain(30s + after, network.from(client, other_host, 443));
  network.later.emplace_back(120s, network.from(client, router, 9), tcp_flag::syn);
  network.play();
  const auto verdict = network.of(server);
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(mentions(verdict, "fell silent to this client") == (worked && after == 1s));
}

TEST_CASE("a load balancer that asks elsewhere for each client, and fails there") {
  Network network;
  const auto delay = GENERATE(Duration(5ms), Duration(5s));
  const bool own = GENERATE(true, false);
  const auto balancer = own ? server : other_client;
  for (const auto at : {0s, 10s, 20s}) {
    network.refused(at, network.from(client, server, 443));
    network.refused(at + delay, network.from(balancer, other_host, 8443));
  }
  network.play();
  const auto front = network.of(server), back = network.of(other_host);
  CHECK(front.outcome == Outcome::refused);
  const bool behind = delay == 5ms;
  CHECK(mentions(front, "asks there for this client") == (behind && !own));
  CHECK(mentions(front, "itself asks port 8443") == (behind && own));
  CHECK(mentions(back, "it asks here for that client") == behind);
}

TEST_CASE("a client that goes on elsewhere once it was refused has nobody behind it") {
  Network network;
  for (const auto at : {0s, 10s, 20s}) {
    network.refused(at, network.from(client, server, 443));
    network.refused(at + 41ms, network.from(client, other_host, 443));
  }
  network.play();
  CHECK_FALSE(mentions(network.of(server), "asks"));
}

TEST_CASE("what fails all the time is behind nobody in particular") {
  Network network;
  network.refused(10s, network.from(client, server, 443));
  for (auto at = 0s; at < 20s; ++at)
    network.refused(at + 200ms, network.from(other_client, other_host, 8443));
  network.play();
  CHECK_FALSE(mentions(network.of(server), "asks there"));
}

TEST_CASE("an attempt that the end of the capture leaves undecided") {
  const auto waited = GENERATE(Duration(0s), Duration(2ms), Duration(300ms));
  Scene scene;
  for (const auto at : {0s, 10s, 20s})
    scene.connect(at, static_cast<std::uint16_t>(at.count() + 1));
  scene.ask(30s, 31);
  scene.now += waited;
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  const auto said = [&](std::string_view words) {
    return std::ranges::any_of(analysis.verdict.caveats, [&](const Caveat& caveat) {
      return caveat.text.str().find(words) != std::string::npos;
    });
  };
  CHECK(said("just asked") == (waited < 3ms));
  CHECK(said("silence may have begun") == (waited > 3ms));
}
