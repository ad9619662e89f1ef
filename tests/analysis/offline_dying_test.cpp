// Connections that worked, and then die: nobody hears one of the two ends any more.
#include <cerrno>

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

constexpr std::uint8_t fin_ack = tcp_flag::fin | tcp_flag::ack;

/// The client has the server's first words; the server says more.
void download(Scene& scene) {
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  scene.answer(1s, 40000, tcp_flag::ack, 61, 521, 30);
}

/// Again and again, though it is acknowledged each time.
void repeat_though_heard(Scene& scene, std::uint32_t times = 5) {
  scene.hears(1001ms, 551);
  for (std::uint32_t i = 0; i < times; ++i) {
    const auto at = 1200ms + i * i * 200ms;
    scene.answer(at, 40000, tcp_flag::ack, 61, 521, 30);
    scene.hears(at + 1ms, 551);
  }
}

void client_leaves(Scene& scene, Duration at, std::uint32_t times) {
  for (std::uint32_t i = 0; i < times; ++i) scene.acknowledge(at + i * i * 200ms, 40000, fin_ack);
}

/// Of the client's, in vain.
void repeat_in_vain(Scene& scene, Duration at, std::uint32_t payload) {
  for (std::uint32_t i = 0; i < 5; ++i) scene.hears(at + i * i * 200ms, 551, payload);
}

bool gives_reason(const Verdict& verdict, std::string_view words) {
  std::string text;
  for (const auto& reason : verdict.explanations.front().because) text += reason.text.str();
  return text.find(words) != std::string::npos;
}

/// Quotes a packet of the client, or of the server.
void rejects(Scene& scene, Duration at, const IpAddress& from, std::uint8_t code,
             bool of_server = false) {
  IcmpError error{3, code, Quote{}, {}};
  error.quote->flow = of_server ? scene.flow(40000).reversed() : scene.flow(40000);
  error.quote->tcp_sequence = of_server ? 521 : 1001;
  scene.see(at, {Transport::icmp, {from, 0}, {of_server ? server : client, 0}}, 61, error);
}

}  // namespace

TEST_CASE("what a server repeats after a RST in its name is no reason for that RST") {
  Scene scene;
  download(scene);
  scene.answer(1001ms, 40000, tcp_flag::rst, 62, 551);
  for (const auto at : {1200ms, 1600ms, 2400ms, 4000ms, 7200ms}) {
    scene.answer(at, 40000, tcp_flag::ack, 61, 521, 30);
    scene.acknowledge(at + 1ms, 40000, tcp_flag::rst);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  REQUIRE(verdict.explanations.size() == 3);
  CHECK(verdict.explanations[0].mechanism == Mechanism::injected_reset);
  CHECK(verdict.explanations[1].mechanism == Mechanism::middlebox_reset);
}

TEST_CASE("a server that repeats what was acknowledged does not hear the client") {
  Scene scene;
  download(scene);
  repeat_though_heard(scene);
  SECTION("until the capture ends") {
    CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
  }
  SECTION("nor its FIN") {
    client_leaves(scene, 6s, 3);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  }
  SECTION("unless it does after all") {
    scene.acknowledge(6s, 40000, fin_ack);
    scene.answer(6001ms, 40000, tcp_flag::ack, 61, 551, 0, 1002);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("unless it goes on") {
    scene.answer(6s, 40000, tcp_flag::ack, 61, 551, 30);
    scene.hears(6001ms, 581);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("because the host says that it rejects the client") {
    for (const auto at : {4402ms, 4403ms, 4404ms}) rejects(scene, at, server, 3);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.explanations.front().mechanism == Mechanism::icmp_reject_host);
  }
}

TEST_CASE("data that is sent twice although it was acknowledged in time is common") {
  Scene scene;
  download(scene);
  repeat_though_heard(scene, 2);
  scene.answer(60s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("keepalives of a server that are answered prove a connection alive") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  const auto byte = GENERATE(0u, 1u);
  for (const auto at : {10s, 20s, 30s, 40s, 50s}) {
    scene.answer(at, 40000, tcp_flag::ack, 61, 550, byte);
    scene.hears(at + 1ms, 551);
  }
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a FIN of the client that nobody acknowledges, however often it is sent") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  client_leaves(scene, 9s, 5);
  SECTION("the server is not there any more") {
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
    CHECK(verdict.explanations.front().because.front().packets == std::vector<FrameId>{{9}});
  }
  SECTION("at last it is") {
    scene.answer(13s, 40000, tcp_flag::ack, 61, 551, 0, 1002);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("the last FIN of a connection that both have ended may get lost") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  scene.answer(2s, 40000, fin_ack, 61, 551);
  client_leaves(scene, 3s, 5);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a router that cannot reach the client says so to the server") {
  Scene scene;
  download(scene);
  for (const auto at : {1200ms, 1600ms, 2400ms, 4000ms})
    scene.answer(at, 40000, tcp_flag::ack, 64, 521, 30);
  SECTION("the client is gone") {
    rejects(scene, 4100ms, router, 1, true);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    REQUIRE(verdict.explanations.size() == 2);
    CHECK(verdict.explanations[0].mechanism == Mechanism::data_blocked);
    CHECK(verdict.explanations[0].where.kind == CulpritKind::this_host);
    CHECK(verdict.explanations[1].mechanism == Mechanism::no_route);
    CHECK(verdict.explanations[1].where.address == router);
  }
  SECTION("a rule of it is in the way") {
    rejects(scene, 4100ms, router, 13, true);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.explanations.front().mechanism == Mechanism::icmp_reject_router);
    CHECK(verdict.explanations.front().where.address == router);
  }
}

TEST_CASE("a message about a packet of the server is no answer to the client's SYN") {
  Scene scene;
  download(scene);
  rejects(scene, 1100ms, router, 13, true);
  scene.hears(1200ms, 551);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
  CHECK_FALSE(scene.inspection->analysis.icmp);
}

TEST_CASE("a connection that died while another was made later is no door that opened") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  for (const auto at : {10s, 11s, 13s, 17s, 25s}) scene.hears(at, 551, 10);
  scene.connect(30s, 40001);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::intermittent);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK_FALSE(analysis.attempts.since);
}

TEST_CASE("a kernel that gave a connection up tells its program") {
  Scene scene;
  download(scene);
  scene.hears(1100ms, 551, 10);
  scene.answer(1101ms, 40000, tcp_flag::ack, 61, 551, 0, 1011);
  for (const auto at : {20s, 21s, 22s, 23s}) scene.hears(at, 551, 0, 1010);
  const bool given_up = GENERATE(true, false);
  if (given_up) scene.resets(24s, 64, 1011);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::silent_service);
  CHECK(analysis.app_sees.error == (given_up ? ETIMEDOUT : 0));
}

TEST_CASE("a RST that knows of no connection may be of a rule of the host that forgot it") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  const bool bare = GENERATE(true, false);
  const Duration after = GENERATE(as<Duration>{}, 50ms, 60s);
  scene.hears(5ms + after, 521, 10);
  scene.answer(6ms + after, 40000, bare ? tcp_flag::rst : reset_ack, 61, 521);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  const auto rule = std::ranges::find(verdict.explanations, Mechanism::host_firewall_reset,
                                      &Explanation::mechanism);
  CHECK((rule != verdict.explanations.end()) == bare);
  if (bare) CHECK(rule->rank == (after > 1s ? 1u : 2u));
  // Nor is the host to blame if a device on the way forgot it first.
  const bool forgotten = bare && after > 1s;
  CHECK(std::ranges::count(verdict.explanations, Mechanism::data_blocked,
                           &Explanation::mechanism) == (forgotten ? 1 : 0));
  CHECK(verdict.culprit.where.kind ==
        (forgotten ? CulpritKind::between : CulpritKind::destination));
}

TEST_CASE("what every path takes is not lost for its size") {
  Scene scene;
  download(scene);
  const auto payload = GENERATE(64u, 1448u);
  repeat_in_vain(scene, 20s, payload);
  CHECK(gives_reason(scene.verdict().verdict, "is small") == (payload == 64));
  CHECK(scene.inspection->run.connect->small_lost == (payload == 64));
}

TEST_CASE("a connection that lay idle may have been forgotten") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  const Duration pause = GENERATE(as<Duration>{}, 20s, 3700s);
  const bool answered = GENERATE(true, false);
  scene.hears(1001ms + pause, 551, 10);
  if (answered) scene.answer(1002ms + pause, 40000, tcp_flag::ack, 61, 551, 0, 1011);
  SECTION("which is silent then") {
    for (std::uint32_t i = 0; i < 5; ++i)
      scene.hears(1100ms + pause + i * i * 200ms, 551, 10, answered ? 1011 : 1001);
  }
  SECTION("which is reset then") { scene.answer(1010ms + pause, 40000, tcp_flag::rst, 61, 551); }
  const auto verdict = scene.verdict().verdict;
  const bool idle = pause > 1min && !answered;
  CHECK(gives_reason(verdict, "3700 s") == idle);
  CHECK(scene.inspection->run.connect->pause.has_value() == idle);
}

TEST_CASE("a keepalive that is not answered any more comes after the pause before it") {
  Scene scene;
  download(scene);
  scene.hears(1001ms, 551);
  scene.hears(2s, 551, 10);
  scene.answer(2001ms, 40000, tcp_flag::ack, 61, 551, 0, 1011);
  for (int i = 1; i < 4; ++i) {
    scene.hears(i * 100s, 551, 0, 1010);
    scene.answer(i * 100s + 10ms, 40000, tcp_flag::ack, 61, 551, 0, 1011);
  }
  for (int i = 0; i < 5; ++i) scene.hears(400s + i * 75s, 551, 0, 1010);
  CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
  CHECK(scene.inspection->run.connect->small_lost);
  CHECK(scene.inspection->run.connect->pause == 99s);
}
