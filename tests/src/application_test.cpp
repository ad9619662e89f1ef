#include "src/application.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "src/other_addresses.hpp"
#include "src/resolve.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

const auto loopback = *IpAddress::parse("127.0.0.1");

BoundSocket bound() { return std::get<BoundSocket>(bind_tcp({loopback, "", ""})); }

/// A peer on loopback; the kernel completes handshakes before accept().
struct Listener {
  BoundSocket socket = bound();
  Listener() { REQUIRE(listen(socket.fd.get(), 1) == 0); }
  [[nodiscard]] Descriptor accept_one() const {
    pollfd ready{socket.fd.get(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 5000) == 1);
    return Descriptor(accept(socket.fd.get(), nullptr, nullptr));
  }
};

struct Caller {
  RunClock clock{read_clocks()};
  BoundSocket socket = bound();
  int fd = socket.fd.get();
  RealConnect connect;
  explicit Caller(const Endpoint& to) : connect(std::move(socket), to, "", nullptr, clock) {
    connect.call();
  }
  /// Attends whenever the socket has something to say, until `done` holds.
  template <typename Done>
  const ConnectRecord& until(short events, const Done& done) {
    for (int i = 0; i < 100 && !done(*connect.record()); ++i) {
      pollfd ready{fd, events, 0};
      REQUIRE(poll(&ready, 1, 5000) == 1);
      connect.attend();
    }
    return *connect.record();
  }
};

bool ended(const ConnectRecord& record) { return record.ended.has_value(); }
bool closed(const ConnectRecord& record) { return record.closed.has_value(); }

}  // namespace

TEST_CASE("a closed port refuses the application") {
  const auto held = bound();  // bound, never listening
  Caller caller(held.local);
  const auto& record = caller.until(POLLOUT, ended);
  CHECK(record.error == ECONNREFUSED);
  CHECK(*record.ended >= record.at);
  CHECK_FALSE(record.spoke);
}

TEST_CASE("a greeting is kept, at most 512 bytes of it, and the end is noticed") {
  const Listener listener;
  Caller caller(listener.socket.local);
  CHECK(caller.until(POLLOUT, ended).error == 0);
  {
    const auto peer = listener.accept_one();
    const std::string text = "220 hello\r\n" + std::string(2000, 'x');
    REQUIRE(write(peer.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  const auto& record = caller.until(POLLIN, closed);
  CHECK(record.greeting.size() == 512);
  CHECK(record.greeting.rfind("220 hello\r\n", 0) == 0);
  CHECK(record.spoke);
  CHECK(record.close_error == 0);
}

TEST_CASE("a connection that is reset says so") {
  const Listener listener;
  Caller caller(listener.socket.local);
  (void)caller.until(POLLOUT, ended);
  {
    const auto peer = listener.accept_one();
    const linger at_once{1, 0};
    REQUIRE(setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
  }
  const auto& record = caller.until(POLLIN, closed);
  CHECK(record.close_error == ECONNRESET);
  CHECK(record.greeting.empty());
}

TEST_CASE("an SSH server is answered, and nothing binary is kept") {
  const Listener listener;
  Caller caller(listener.socket.local);
  CHECK(caller.until(POLLOUT, ended).error == 0);
  const auto peer = listener.accept_one();
  const auto text = "hello\r\nSSH-2.0-test\r\n" + ssh_key_exchange(1080, "");
  REQUIRE(write(peer.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  const auto answered = [](const ConnectRecord& record) {
    return record.ssh && record.ssh->answered;
  };
  const auto& record = caller.until(POLLIN, answered);
  REQUIRE(answered(record));
  CHECK(record.greeting == "hello\r\nSSH-2.0-test\r\n");
  CHECK(record.ssh->lines == 1);
  CHECK(record.ssh->said);
  std::string heard(record.ssh->said_bytes, '\0');
  REQUIRE(recv(peer.get(), heard.data(), heard.size(), MSG_WAITALL) ==
          static_cast<ssize_t>(heard.size()));
  CHECK(heard.starts_with(ssh_identification()));
  CHECK(heard.size() > ssh_identification().size() + 400);
}

TEST_CASE("a service of another kind hears nothing from us") {
  const Listener listener;
  Caller caller(listener.socket.local);
  (void)caller.until(POLLOUT, ended);
  const auto peer = listener.accept_one();
  REQUIRE(write(peer.get(), "220 mail\r\n", 10) == 10);
  const auto& record = caller.until(POLLIN, [](const auto& r) { return r.spoke.has_value(); });
  CHECK_FALSE(record.ssh);
  char byte = 0;
  CHECK(recv(peer.get(), &byte, 1, MSG_DONTWAIT) == -1);
}

TEST_CASE("a connect() that is hung up sends no more, keeps its port and never ends") {
  const Listener peer;  // two fill its backlog: the next SYN is dropped
  const Caller first(peer.socket.local), second(peer.socket.local);
  Caller caller(peer.socket.local);
  REQUIRE_FALSE(caller.connect.record()->ended);
  caller.connect.hang_up();
  REQUIRE(caller.connect.record()->hung_up);
  tcp_info now{};
  socklen_t size = sizeof now;
  REQUIRE(getsockopt(caller.fd, IPPROTO_TCP, TCP_INFO, &now, &size) == 0);
  CHECK(now.tcpi_state == TCP_CLOSE);
  sockaddr_in kept{};
  size = sizeof kept;
  REQUIRE(getsockname(caller.fd, reinterpret_cast<sockaddr*>(&kept), &size) == 0);
  CHECK(ntohs(kept.sin_port) == caller.connect.record()->flow.source.port);
  caller.connect.attend();
  CHECK_FALSE(caller.connect.record()->ended);
}

TEST_CASE("what has ended is not hung up") {
  const auto held = bound();  // bound, never listening
  Caller caller(held.local);
  caller.until(POLLOUT, ended);
  caller.connect.hang_up();
  CHECK_FALSE(caller.connect.record()->hung_up);
}

TEST_CASE("an unreachable address fails at once") {
  Caller caller({*IpAddress::parse("255.255.255.255"), 22});
  REQUIRE(ended(*caller.connect.record()));
  CHECK(caller.connect.record()->error != 0);
}

TEST_CASE("other addresses are tried, each with one connect()") {
  const Listener listener;
  const auto port = listener.socket.local.port;
  const std::vector<IpAddress> addresses{loopback, *IpAddress::parse("127.0.0.2")};
  const auto results = try_addresses(addresses, port, "", std::chrono::seconds(5), -1);
  REQUIRE(results.size() == 2);
  CHECK(results[0] == OtherAddress{loopback, 0});
  CHECK(results[1].error == ECONNREFUSED);
}

TEST_CASE("addresses resolve to themselves, in the family asked for") {
  const auto v4 = resolve("127.0.0.1", {});
  REQUIRE(std::holds_alternative<Resolved>(v4));
  CHECK(std::get<Resolved>(v4).addresses == std::vector{loopback});
  CHECK(std::get<Resolved>(v4).zone.empty());
  CHECK(std::holds_alternative<ResolveError>(resolve("127.0.0.1", Family::ipv6)));
  CHECK(std::holds_alternative<Resolved>(resolve("::1", Family::ipv6)));
  const auto mapped = resolve("::ffff:127.0.0.1", {});
  REQUIRE(std::holds_alternative<Resolved>(mapped));
  CHECK(std::get<Resolved>(mapped).addresses == std::vector{loopback});
  const auto zoned = resolve("fe80::1%lo", {});
  if (const auto* found = std::get_if<Resolved>(&zoned)) {
    CHECK(found->zone == "lo");
  }
}
