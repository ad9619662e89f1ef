// How long a connect() without permission to send packets is listened to.

#include "src/unprivileged.hpp"

#include <cerrno>

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t ssh = 22, nobodys = 8090;
constexpr Duration patience = 4s;
const TimePoint called{1000s};

ConnectRecord connected(Duration after) {
  ConnectRecord record;
  record.at = called;
  record.ended = called + after;
  return record;
}

Duration listens(const ConnectRecord& record, std::uint16_t port) {
  return worth_waiting(record, port, patience) - *record.ended;
}

}  // namespace

TEST_CASE("unprivileged: a service that closes at once is waited for a round trip and more") {
  CHECK(listens(connected(1ms), nobodys) >= 250ms);
  CHECK(listens(connected(2s), nobodys) >= 2250ms);
  CHECK(listens(connected(1ms), nobodys) < 1s);
}

TEST_CASE("unprivileged: words that are no greeting may be followed by the end") {
  auto record = connected(1ms);
  record.spoke = called + 5ms;
  record.greeting = "Exceeded MaxStartups\r\n";
  CHECK(listens(record, nobodys) >= 250ms);
  CHECK(listens(record, ssh) >= 250ms);
  record.greeting = "SSH-2.0-OpenSSH_9.2p1\r\n";
  CHECK(listens(record, ssh) <= 5ms);
}

TEST_CASE("unprivileged: SSH that greeted owes its KEXINIT") {
  auto record = connected(1ms);
  record.spoke = called + 5ms;
  record.greeting = "SSH-2.0-OpenSSH_9.2p1\r\n";
  record.ssh.emplace();
  record.ssh->identified = record.ssh->said = called + 6ms;
  CHECK(listens(record, ssh) >= 3s);
  record.ssh->answered = called + 9ms;
  CHECK(listens(record, ssh) == 8ms);
}

TEST_CASE("unprivileged: nothing is waited for that cannot come") {
  CHECK(listens(connected(1ms), ssh) == 6s);  // a greeting is due
  auto record = connected(1ms);
  record.closed = called + 3ms;
  CHECK(listens(record, ssh) <= 3ms);
  auto refused = connected(1ms);
  refused.error = ECONNREFUSED;
  CHECK(listens(refused, ssh) == 0ms);
  ConnectRecord pending;
  pending.at = called;
  CHECK(worth_waiting(pending, ssh, patience) == called + patience);
}
