#include "src/report/ladder.hpp"

#include <algorithm>
#include <regex>

#include "src/report/base64.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

const Rung& rung(const Ladder& ladder, std::uint64_t frame) {
  return *std::find_if(ladder.rungs.begin(), ladder.rungs.end(),
                       [&](const Rung& packet) { return packet.frame.value == frame; });
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

constexpr std::size_t here = 0, hop8 = 4, hop9 = 5;

}  // namespace

TEST_CASE("ladder: a lane for this host, every hop that answers, and the target") {
  const auto made = cases::twelve_hops();
  CHECK(ladder_of(made.input()).lanes == std::vector<std::string>{"this host", "hop 1", "hop 2",
                                                                  "hop 7", "hop 8", "hop 9",
                                                                  "hop 10", "hop 11", "target"});
}

TEST_CASE("ladder: a router with a name and no hop of its own has a lane") {
  auto made = cases::twelve_hops();
  const auto stranger = IpAddress::v4(0xc6336409);  // 198.51.100.9
  made.analysis.verdict.culprit.where = {CulpritKind::between, 2, 3, stranger};
  const auto lanes = ladder_of(made.input()).lanes;
  CHECK(std::vector(lanes.begin(), lanes.begin() + 4) ==
        std::vector<std::string>{"this host", "hop 1", "router", "hop 2"});
}

TEST_CASE("ladder: packets go as far as they got") {
  const auto made = cases::twelve_hops();
  const auto ladder = ladder_of(made.input());
  REQUIRE(ladder.rungs.size() == 9);
  CHECK(rung(ladder, 1).from == here);
  CHECK(rung(ladder, 1).to == hop9);  // it is meant for the target, but stops where it is refused
  CHECK(rung(ladder, 3).to == hop8);  // its TTL is 8
  CHECK(rung(ladder, 4).from == hop8);
  CHECK(rung(ladder, 4).to == here);
  CHECK(rung(ladder, 701).words == "ICMP 11/0: time exceeded in transit");
}

TEST_CASE("ladder: an answer in another's name starts where it was made") {
  const auto made = cases::twelve_hops();
  const auto ladder = ladder_of(made.input());
  for (const std::uint64_t frame : {2u, 6u}) {
    CHECK(rung(ladder, frame).forged);
    CHECK(rung(ladder, frame).from == hop9);
  }
  CHECK_FALSE(rung(ladder, 4).forged);
}

TEST_CASE("ladder: a SYN without an answer is lost, one that is sent again is too") {
  auto made = cases::twelve_hops();
  CHECK(rung(ladder_of(made.input()), 1023).fate == RungFate::stopped);
  CHECK(rung(ladder_of(made.input()), 1).fate == RungFate::arrives);
  auto again = made.run.observations[0];
  again.frame = FrameId{9};
  made.run.observations.insert(made.run.observations.begin() + 1, again);
  CHECK(rung(ladder_of(made.input()), 1).fate == RungFate::stopped);
}

TEST_CASE("ladder: data that was sent again and never acknowledged is lost") {
  auto made = cases::twelve_hops();
  auto& seen = made.run.observations;
  seen.resize(1);
  auto& data = std::get<TcpSegment>(seen[0].message);
  data.flags = tcp_flag::ack;
  data.payload = 1448;
  seen.push_back(seen[0]);
  seen[1].frame = FrameId{3};
  made.analysis.verdict.explanations.front().mechanism = Mechanism::data_blocked;
  auto& where = made.analysis.verdict.culprit.where;
  where = {CulpritKind::between, 8, 9, {}};
  const auto lost = rung(ladder_of(made.input()), 1);
  CHECK(lost.fate == RungFate::stopped);
  CHECK(lost.words.starts_with("data "));
  CHECK(lost.words.ends_with(", lost"));
  CHECK(lost.to == hop8);
  CHECK(lost.lost_by == hop9);
  SECTION("where many may be to blame no cross says which") {
    where = {CulpritKind::between, 2, 12, {}};
    const auto ladder = ladder_of(made.input());
    CHECK(rung(ladder, 1).to == 2);
    CHECK(rung(ladder, 1).lost_by + 1 == ladder.lanes.size());
    CHECK_FALSE(has(ladder_picture(ladder), "cross"));
  }
  SECTION("an acknowledgment shows that it arrived") {
    auto answer = seen[0];
    answer.frame = FrameId{4};
    answer.flow = answer.flow.reversed();
    answer.message = TcpSegment{};
    auto& segment = std::get<TcpSegment>(answer.message);
    segment.flags = tcp_flag::ack;
    segment.acknowledgment = std::get<TcpSegment>(seen[0].message).sequence + 1448;
    seen.push_back(answer);
    CHECK(rung(ladder_of(made.input()), 1).fate == RungFate::arrives);
  }
}

TEST_CASE("ladder: a neighbour that nobody is, and one that answers") {
  auto made = cases::twelve_hops();
  auto& seen = made.run.observations;
  const auto gateway = made.analysis.path.hops[0].responders[0];
  seen[0].message = NeighbourMessage{false, gateway};
  seen[0].flow.destination = {};
  const auto unheard = rung(ladder_of(made.input()), 1);
  CHECK(unheard.fate == RungFate::unheard);
  CHECK(unheard.to == 1);
  CHECK(unheard.words == "ARP: who has 198.51.100.101");
  seen[1].message = NeighbourMessage{true, gateway};
  CHECK(rung(ladder_of(made.input()), 1).fate == RungFate::arrives);
}

TEST_CASE("ladder: a host that asks itself is drawn on both sides") {
  auto made = cases::twelve_hops();
  made.run.goal.target.address = made.run.facts.vantage.local;
  for (auto& seen : made.run.observations)
    seen.flow.source.address = seen.flow.destination.address = made.run.facts.vantage.local;
  const auto ladder = ladder_of(made.input());
  CHECK(rung(ladder, 1).from == here);
  CHECK(rung(ladder, 1).to > here);
  CHECK(rung(ladder, 2).from > here);
  CHECK(rung(ladder, 2).to == here);
}

TEST_CASE("ladder: time is told in what fits") {
  const auto made = cases::twelve_hops();
  const auto ladder = ladder_of(made.input());
  CHECK(rung(ladder, 1).when == "0.00 ms");
  CHECK(rung(ladder, 2).when == "1.80 ms");
  CHECK(rung(ladder, 1023).when == "1.84 s");
}

TEST_CASE("ladder: what finds no room is counted") {
  auto made = cases::twelve_hops();
  std::vector<FrameId> many;
  for (unsigned i = 1; i <= 30; ++i) many.push_back(FrameId{i});
  made.analysis.verdict.explanations[0].because.insert(
      made.analysis.verdict.explanations[0].because.begin(), {"many", many});
  const auto ladder = ladder_of(made.input());
  CHECK(ladder.left_out == 30 + 3 - 24);
  CHECK_FALSE(ladder.shows(1023));
  CHECK(has(render_html(made.input()), "9 more are in the capture."));
}

TEST_CASE("every link of the page leads to a packet that the ladder shows") {
  const std::string page = render_html(cases::twelve_hops().input());
  static const std::regex link("href=\"#(p[0-9]+)\"");
  unsigned links = 0;
  for (std::sregex_iterator found(page.begin(), page.end(), link), none; found != none; ++found) {
    CHECK(has(page, "<g id=\"" + (*found)[1].str() + "\">"));
    ++links;
  }
  CHECK(links == 9);
  CHECK_FALSE(has(render_html(cases::middlebox_reset().input()), "href=\"#p"));
}

TEST_CASE("base64, RFC 4648 section 10") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64(std::string("\xff\x00\xfb", 3)) == "/wD7");
}

TEST_CASE("the capture is in the page unless it is large") {
  const auto made = cases::open();
  const std::string small = render_html(made.input(), "the packets");
  CHECK(has(small,
            "<a download=\"trace.pcapng\" "
            "href=\"data:application/octet-stream;base64,dGhlIHBhY2tldHM=\">"));
  const std::string large = render_html(made.input(), std::string(150'001, 'x'));
  CHECK_FALSE(has(large, "download="));
  CHECK(render_html(made.input(), std::string(150'000, 'x')).size() < 300'000);
  CHECK_FALSE(has(render_html(made.input()), "download="));
}
