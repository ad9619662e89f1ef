#include "src/commands/scans.hpp"

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress scanner = IpAddress::v4(0xc6336409);

/// Of this port, as the scanner asks: once.
void scan_port(Scene& scene, Duration at, std::uint16_t port, bool refused) {
  scene.port = port;
  scene.who = scanner;
  scene.kernel = false;
  scene.ask(at, 50000);
  if (refused) scene.answer(at + 1ms, 50000, reset_ack);
  scene.who = client;
  scene.kernel = true;
}

void want_port(Scene& scene, Duration at, std::uint16_t port) {
  scene.port = port;
  for (const auto after : {0s, 1s, 3s}) scene.ask(at + after, 40000);
}

const Book& finished(Scene& scene, Duration at) {
  scene.tracker.finish(TimePoint(at));
  scene.book.settle();
  return scene.book;
}

}  // namespace

TEST_CASE("who asks again in vain comes before lone SYNs, however many are sent") {
  Scene scene;
  for (int i = 0; i < 6; ++i) {
    scene.who = IpAddress::v4(0xc6336400u + static_cast<unsigned>(i));
    scene.port = 23;
    scene.ask(i * 1s, 50000);
  }
  scene.who = client;
  want_port(scene, 10s, 1521);
  const auto& book = finished(scene, 60s);
  const auto order = worst_first(book.targets());
  CHECK(book.targets()[order.front().index()].endpoint.port == 1521);
  CHECK(order.front().badness() == order.back().badness());
  CHECK(order.back().attempts() == 6);
}

TEST_CASE("ports that one client asks once each make one line, and hide nobody else") {
  Scene scene;
  const bool many = GENERATE(true, false);
  const int ports = many ? 30 : 10;
  for (int i = 0; i < ports; ++i)
    scan_port(scene, i * 10ms, static_cast<std::uint16_t>(1000 + i), i % 2 == 0);
  want_port(scene, 1s, 1521);
  const auto& book = finished(scene, 60s);
  auto order = worst_first(book.targets(), 5);
  const auto scans = take_scans(book, order, 5);
  CHECK(order.size() == (many ? 1u : 11u));
  CHECK(book.targets()[order.front().index()].endpoint.port == 1521);
  REQUIRE(scans.size() == (many ? 1u : 0u));
  if (!many) return;
  CHECK(scans.front().worst == 6);
  CHECK(to_string(scans.front()) ==
        "203.0.113.10: 30 ports, each asked once by 198.51.100.9, as a scan does: 15 refused, 15 "
        "dropped");
}
