#include "capture/pcapng/journal.hpp"

#include <cerrno>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

const std::string nasty = std::string("\x1b[31m\"\\\r\n\0\xff\xc3\x28", 13) + "\xe2\x80\xae";

TimePoint at(Duration::rep ns) { return TimePoint(Duration(ns)); }
IpAddress address(const char* text) { return IpAddress::parse(text).value(); }
Flow tcp_flow() {
  return {Transport::tcp, {address("192.0.2.7"), 40001}, {address("203.0.113.10"), 22}};
}

/// Every field differs from its default, so that a forgotten one is noticed.
Run full_run() {
  Run run;
  run.goal = {nasty, {address("203.0.113.10"), 22}, 49999, 12, 5, Duration(1500), 7, false, true};
  run.facts.vantage = {
      address("192.0.2.7"), "eth\xff", address("192.0.2.1"), ENETUNREACH, true, true, false,
      {"eth1", nasty},      1400,      {{7, nasty}}};
  run.facts.vantage.point_to_point = true;
  run.facts.vantage.other_sources = {address("192.0.2.8"), address("2001:db8::8")};
  run.facts.vantage.other_exits = {{9, nasty}};
  run.facts.started = at(1'700'000'000'000'000'001);
  run.facts.horizon = at(1'700'000'000'000'000'999);
  run.facts.dropped = 1ull << 63;
  run.facts.misfits = 17;
  run.facts.truncated = run.facts.clock_stepped = run.facts.interrupted = true;
  run.facts.interface_lost = true;
  run.facts.sees_outbound = run.facts.sees_inbound = false;
  ProbeSpec spec{ProbeId{3}, {ProbeKind::syn_bad_checksum, Aim::control, 2, HopLimit{9}},
                 tcp_flow(), 0xfedcba98,
                 0x89abcdef, 77,
                 8,          9,
                 0x12};
  run.sends = {{spec, at(5), 0}, {spec, at(6), ENOBUFS}};
  run.sends[1].spec.question = {ProbeKind::echo, Aim::none, 0, HopLimit{64}};
  run.sends[1].spec.flow.transport = Transport::icmp6;
  run.connect = ConnectRecord{
      tcp_flow(), at(10), at(20), {},         ECONNREFUSED,
      nasty,      at(30), at(40), ECONNRESET, SshRecord{3, at(31), at(32), at(33), 1470, at(34)}};
  run.connect_only = ConnectOnly{QueuedIcmp{3, 13, address("198.51.100.77")}, true, ECONNREFUSED,
                                 Duration(1900), SynsTold{2, Duration(77)}};
  run.others = {{address("2001:db8::1"), 0}, {address("2001:db8::2"), std::nullopt}};
  run.names = {{address("198.51.100.77"), nasty}, {address("192.0.2.1"), "gw.example"}};
  run.started = at(1);
  run.ended = at(2);
  return run;
}

void check_same(const Run& left, const Run& right) {
  CHECK(left.goal == right.goal);
  CHECK(left.facts == right.facts);
  CHECK(left.sends == right.sends);
  CHECK(left.connect == right.connect);
  CHECK(left.connect_only == right.connect_only);
  CHECK(left.others == right.others);
  CHECK(left.names == right.names);
  CHECK(left.started == right.started);
  CHECK(left.ended == right.ended);
}

/// The journal of the full run with one piece of text exchanged.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = write_journal(full_run());
  const auto place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("a run survives its journal", "[journal]") {
  const auto back = read_journal(write_journal(full_run()));
  REQUIRE(back);
  check_same(*back, full_run());
}

TEST_CASE("a connect() that was hung up is so in its journal", "[journal]") {
  Run run = full_run();
  run.connect = ConnectRecord{};
  run.connect->flow = tcp_flow();
  run.connect->at = at(10);
  run.connect->hung_up = at(12);
  const auto again = read_journal(write_journal(run));
  REQUIRE(again);
  check_same(*again, run);
}

TEST_CASE("absent stays absent in a journal", "[journal]") {
  Run run;
  run.goal.target = {address("2001:db8::10"), 443};
  const auto back = read_journal(write_journal(run));
  REQUIRE(back);
  check_same(*back, run);
  CHECK_FALSE(back->connect);
  CHECK_FALSE(back->goal.patience);
  CHECK_FALSE(back->facts.vantage.gateway);
}

TEST_CASE("a journal of before there was an SSH exchange is still read", "[journal]") {
  auto run = full_run();
  run.connect->ssh.reset();
  auto text = write_journal(run);
  const std::string member = ",\"ssh\":null";
  const auto place = text.find(member);
  REQUIRE(place != std::string::npos);
  const auto back = read_journal(text.erase(place, member.size()));
  REQUIRE(back);
  check_same(*back, run);
}

TEST_CASE("a journal of before other interfaces were watched is still read", "[journal]") {
  auto run = full_run();
  run.facts.vantage.elsewhere.clear();
  auto text = write_journal(run);
  const std::string member = "\"elsewhere\":[],";
  const auto place = text.find(member);
  REQUIRE(place != std::string::npos);
  const auto back = read_journal(text.erase(place, member.size()));
  REQUIRE(back);
  check_same(*back, run);
}

TEST_CASE("a journal of before this machine's other addresses were kept is still read",
          "[journal]") {
  auto run = full_run();
  auto& vantage = run.facts.vantage;
  vantage.point_to_point = false;
  vantage.other_sources.clear();
  vantage.other_exits.clear();
  auto text = write_journal(run);
  for (const std::string member :
       {"\"point_to_point\":false,", "\"other_sources\":[],", "\"other_exits\":[],"}) {
    const auto place = text.find(member);
    REQUIRE(place != std::string::npos);
    text.erase(place, member.size());
  }
  const auto back = read_journal(text);
  REQUIRE(back);
  check_same(*back, run);
}

TEST_CASE("a journal is plain ASCII whatever the names hold", "[journal]") {
  for (const char c : write_journal(full_run())) REQUIRE((c >= 0x20 && c < 0x7f));
}

TEST_CASE("every byte string survives as a host name", "[journal]") {
  for (int byte = 0; byte < 256; ++byte) {
    Run run = full_run();
    run.goal.host = std::string("a") + static_cast<char>(byte) + "b";
    const auto back = read_journal(write_journal(run));
    REQUIRE(back);
    REQUIRE(back->goal.host == run.goal.host);
  }
}

TEST_CASE("numbers out of range are not believed", "[journal]") {
  CHECK_FALSE(read_journal(changed("\"max_hops\":12", "\"max_hops\":0")));
  CHECK_FALSE(read_journal(changed("\"max_hops\":12", "\"max_hops\":256")));
  CHECK_FALSE(read_journal(changed("\"max_hops\":12", "\"max_hops\":-1")));
  CHECK_FALSE(read_journal(changed("\"max_hops\":12", "\"max_hops\":1e1")));
  CHECK_FALSE(read_journal(changed("\"max_hops\":12", "\"max_hops\":\"12\"")));
  CHECK_FALSE(read_journal(changed("\"rate\":7", "\"rate\":0")));
  CHECK_FALSE(read_journal(changed("\"port\":22", "\"port\":65536")));
  CHECK_FALSE(read_journal(changed("\"ended_ns\":2", "\"ended_ns\":9223372036854775807")));
  CHECK_FALSE(read_journal(changed("\"ended_ns\":2", "\"ended_ns\":18446744073709551615")));
  CHECK_FALSE(read_journal(changed("\"kind\":\"echo\"", "\"kind\":\"ping\"")));
  CHECK_FALSE(read_journal(changed("192.0.2.7", "192.0.2.700")));
  CHECK_FALSE(read_journal(changed("\"error\":111,\"flow\"", "\"error\":4096,\"flow\"")));
  CHECK_FALSE(read_journal(changed("\"close_error\":104", "\"close_error\":-1")));
  CHECK_FALSE(read_journal(changed("\"hop_limit\":", "\"hop_limits\":")));
  CHECK_FALSE(read_journal(changed("\"hex\":\"", "\"hex\":\"g")));
  CHECK_FALSE(read_journal(changed("\"hopblame_journal\":1", "\"hopblame_journal\":2")));
}

TEST_CASE("what only a connection can live through needs one", "[journal]") {
  const auto believed = [](auto forget) {
    Run run = full_run();
    forget(*run.connect);
    return read_journal(write_journal(run)).has_value();
  };
  CHECK_FALSE(believed([](ConnectRecord& it) { it.ended.reset(); }));
  CHECK_FALSE(believed([](ConnectRecord& it) { it.hung_up = it.ended; }));
  CHECK_FALSE(believed([](ConnectRecord& it) { it.spoke.reset(); }));  // ssh heard it
  CHECK_FALSE(believed([](ConnectRecord& it) { it.ssh->heard.reset(); }));
  for (const auto moment : {&ConnectRecord::spoke, &ConnectRecord::closed})
    CHECK_FALSE(believed([&](ConnectRecord& it) {
      it.ended = it.spoke = it.closed = std::nullopt;
      it.ssh.reset();
      it.*moment = at(30);
    }));
  for (const auto moment : {&SshRecord::identified, &SshRecord::answered})
    CHECK_FALSE(believed([&](ConnectRecord& it) {
      it.ssh = SshRecord{};
      (*it.ssh).*moment = at(31);
    }));
  CHECK_FALSE(believed([](ConnectRecord& it) {
    it.ssh = SshRecord{};
    it.ssh->lines = 1;
  }));
  CHECK_FALSE(believed([](ConnectRecord& it) {
    it.ended = it.spoke = it.closed = std::nullopt;
    it.ssh = SshRecord{};
    it.ssh->said = at(33);
  }));
  CHECK(believed([](ConnectRecord& it) {
    it.ended = it.spoke = it.closed = std::nullopt;
    it.ssh = SshRecord{};
  }));
}

TEST_CASE("no prefix of a journal is a journal, and none throws", "[journal]") {
  const std::string text = write_journal(full_run());
  for (std::size_t size = 0; size < text.size(); ++size)
    REQUIRE_FALSE(read_journal(std::string_view(text).substr(0, size)));
}

TEST_CASE("what is no journal is refused", "[journal]") {
  for (const char* text : {"", "null", "[]", "{}", "1", "\"x\"", "{\"hopblame_journal\":1}",
                           "{\"hopblame_journal\":{}}", "\xff\xfe", "[[[[[[[["})
    CHECK_FALSE(read_journal(text));
  CHECK_FALSE(read_journal(std::string(200'000, '[')));
  CHECK_FALSE(read_journal(std::string(100'000, '[') + std::string(100'000, ']')));
}
