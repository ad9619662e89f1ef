// A machine that asks itself.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

IpAddress loopback_v6() {
  std::array<std::uint8_t, 16> bytes{};
  bytes.back() = 1;
  return IpAddress::v6(bytes);
}

void ask(Scene& scene, Duration at, const IpAddress& from, const IpAddress& to) {
  TcpSegment syn;
  syn.flags = tcp_flag::syn;
  syn.sequence = 1000;
  syn.sack_permitted = true;
  scene.see(at, {Transport::tcp, {from, 40000}, {to, 22}}, 64, syn);
}

}  // namespace

TEST_CASE("silence of this machine's own port is its own") {
  const auto& [from, to] =
      GENERATE(std::pair{IpAddress::v4(0x7f000001), IpAddress::v4(0x7f000001)},
               std::pair{IpAddress::v4(0x7f000001), IpAddress::v4(0x7f000002)},
               std::pair{loopback_v6(), loopback_v6()}, std::pair{client, client});
  Scene scene;
  scene.around = {};
  for (const auto at : {0s, 1s, 3s, 7s}) ask(scene, at, from, to);
  const auto analysis = scene.verdict();
  const auto& verdict = analysis.verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where == Where{CulpritKind::destination, 0, 0, to});
  CHECK(verdict.culprit.confidence == Confidence::strong);
  std::vector<Mechanism> found;
  for (const auto& explanation : verdict.explanations) {
    found.push_back(explanation.mechanism);
    CHECK(explanation.where == verdict.culprit.where);
  }
  const auto lists = [&](Mechanism one) { return std::ranges::count(found, one) == 1; };
  CHECK(lists(Mechanism::filter_drop));
  CHECK(lists(Mechanism::accept_queue_full));
  CHECK(lists(Mechanism::answer_lost));
  CHECK_FALSE(lists(Mechanism::host_silent));
  CHECK(analysis.path == Path{{}, {0, 0}});
  for (const auto id : {CaveatId::one_direction, CaveatId::no_walk, CaveatId::client_inferred})
    CHECK_FALSE(says(analysis, id));
}
