// "SYN/ACK seen": what the service says, and what its words mean. Host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string accepted = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                             "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4);

std::string connecting(const std::string& words) {
  return "0.01 connect " + words + " < syn-ack ttl=61\n";
}

SshRecord heard_of(const ConnectRecord& connect) {
  SshRecord record;
  record.heard = record.identified = connect.spoke;
  return record;
}

}  // namespace

TEST_CASE("A refusal in words, then the end: a connection limit", "[line-30]") {
  const auto family = each_family();
  const auto* words = GENERATE("Exceeded_MaxStartups", "Not_allowed_at_this_time");
  const auto* manner = GENERATE("fin", "rst");
  const auto lines =
      accepted + connecting(fmt::format("returns=0 says={} closed={}", words, manner));
  CHECK(verdict_of(lines, family) == "closed-early: destination 4..4 strong: connection-limit");
}

TEST_CASE("Turned away in words, and the end of the connection was lost") {
  const auto family = each_family();
  CHECK(verdict_of(accepted + connecting("returns=0 says=Exceeded_MaxStartups"), family) ==
        "closed-early: destination 4..4 strong: connection-limit");
}

TEST_CASE("An SSH server that ends the connection right after its greeting lets nobody in") {
  auto run = run_of(accepted + connecting("returns=0 says=SSH-2.0-x closed=fin"), each_family());
  run.connect->ssh = heard_of(*run.connect);
  CHECK(in_one_line(analyse(run).verdict) ==
        "closed-early: destination 4..4 strong: accept-then-close");
  run.connect->ssh->answered = run.connect->closed;
  CHECK(in_one_line(analyse(run).verdict) == "open: none certain: listening");
}

TEST_CASE("An SSH identification whose line never ends is no greeting") {
  auto run =
      run_of(accepted + connecting("returns=0 says=SSH-2.0-x") + "fact ends=6\n", each_family());
  run.connect->ssh = heard_of(*run.connect);
  run.connect->ssh->identified.reset();
  CHECK(in_one_line(analyse(run).verdict) ==
        "silent-service: between 1..4 strong: data-blocked tarpit 4..4");
}

TEST_CASE("Refusals in the words of other services") {
  const auto family = each_family();
  const auto refused = [&](int port, const std::string& words) {
    return verdict_of(fmt::format("fact port={}\n", port) + accepted +
                          connecting("returns=0 closed=fin says=" + words),
                      family);
  };
  const auto limit = "closed-early: destination 4..4 strong: connection-limit";
  CHECK(refused(110, "-ERR_too_many") == limit);
  CHECK(refused(143, "*_BYE_too_many") == limit);
  CHECK(refused(110, "+OK_ready") == "open: none certain: listening");
  CHECK(refused(21, "421_Too_many_connections") == limit);
  CHECK(refused(6379, "-ERR_max_number_of_clients_reached") == limit);
  CHECK(refused(3307, "Host_is_blocked_because_of_many_connection_errors") == limit);
  CHECK(refused(3307, "Host_'db'_is_blocked_because_of_many_connection_errors") == limit);
  CHECK(refused(11211, "ERROR_Too_many_open_connections") == limit);
  CHECK(refused(5900, "RFB_003.008_Too_many_security_failures") == limit);
  const auto other = "closed-early: destination 4..4 strong: accept-then-close";
  CHECK(refused(110, "-ERR_[SYS/TEMP]_server_is_starting") == other);
  CHECK(refused(25, "554_5.7.1_client_host_blocked_using_zen.spamhaus.org") == other);
  CHECK(refused(21, "530_no_anonymous_access") == other);
  CHECK(refused(6379, "-DENIED_Redis_is_running_in_protected_mode") == other);
}

TEST_CASE("The first packet of a MySQL server may be an error") {
  auto run = run_of("fact port=3306\n" + accepted + connecting("returns=0 says=x closed=fin"));
  run.connect->greeting = std::string("\x45\0\0\0\xff\x6a\x04Host is not allowed", 26);
  CHECK(in_one_line(analyse(run).verdict) ==
        "closed-early: destination 4..4 strong: accept-then-close");
  run.connect->greeting = std::string("\x45\0\0\0\xff\x10\x04Too many connections", 27);
  CHECK(in_one_line(analyse(run).verdict) ==
        "closed-early: destination 4..4 strong: connection-limit");
  run.connect->greeting = std::string(
      "\x4a\0\0\0\x0a"
      "8.0.36\0",
      12);
  CHECK(in_one_line(analyse(run).verdict) == "open: none certain: listening");
}

TEST_CASE("SSH on the port of another service is unexpected too") {
  auto run = run_of("fact port=25\n" + accepted + connecting("returns=0 says=SSH-2.0-x"));
  run.connect->ssh = heard_of(*run.connect);
  run.connect->ssh->answered = run.connect->spoke;
  CHECK(caveats_of(analyse(run).verdict) == "unexpected-service");
}

TEST_CASE("Where nobody spoke, only the handshake was tested") {
  const auto silent = run_of("fact port=80\n" + accepted + connecting("returns=0"), each_family());
  const auto analysis = analyse(silent);
  const auto& open = analysis.verdict.explanations.front();
  CHECK_THAT(open.because.back().text.str(), mentions("only the handshake was tested"));
  CHECK_THAT(open.settled_by.str(), begins_with("nothing as far as the handshake goes"));
}

namespace {

/// 1448 bytes of ours, sent so often over six seconds.
void say_in_vain(Run& run, int times) {
  const auto is_ours = [&](const Observation& seen) {
    const auto* syn = std::get_if<TcpSegment>(&seen.message);
    return syn && syn->is_syn() && seen.flow == run.connect->flow;
  };
  auto words = *std::ranges::find_if(run.observations, is_ours);
  auto& segment = std::get<TcpSegment>(words.message);
  segment.flags = tcp_flag::ack;
  segment.sequence += 1;
  segment.payload = 1448;
  for (int i = 0; i < times; ++i) {
    words.frame = {run.observations.back().frame.value + 1};
    words.at += std::chrono::milliseconds(6000 / times);
    run.observations.push_back(words);
  }
}

}  // namespace

TEST_CASE("Some SYNs get lost: words sent seven times and never acknowledged are not by chance") {
  const auto family = each_family();
  std::string lines = accepted + connecting("returns=0 says=SSH-2.0-x");
  for (int lane = 1; lane <= 16; ++lane)
    lines += fmt::format("0.3 syn control lane={}{}\n", lane,
                         lane % 5 == 4 ? "" : " < rst-ack ttl=61 marked");
  const auto heard = [&](int times) {
    auto run = run_of(lines + "fact ends=9\n", family);
    run.connect->ssh = heard_of(*run.connect);
    run.connect->ssh->said = run.connect->ssh->answered = run.connect->spoke;
    run.connect->ssh->said_bytes = 1448;
    say_in_vain(run, times);
    return analyse(run).verdict;
  };
  CHECK(in_one_line(heard(7)) == "silent-service: between 1..4 weak: data-blocked");
  const auto doubtful = heard(3);
  CHECK(in_one_line(doubtful) == "open: none weak: listening");
  CHECK_THAT(doubtful.explanations.front().because.back().text.str(),
             mentions("never|None of our own words"));
}
