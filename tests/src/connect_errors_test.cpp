// `hopblame explain` of an error of connect(): by its name, and in the line that a program prints.

#include <cerrno>

#include "src/commands/explain.hpp"
#include "src/commands/printed.hpp"
#include "src/report/errno_words.hpp"
#include "src/unprivileged.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

/// connect(2), socket(2), ip(7), tcp(7); what ICMP messages become; what a tunnel's link says.
constexpr int errors[] = {
    EACCES,       EPERM,        EADDRINUSE,      EADDRNOTAVAIL,  EAFNOSUPPORT, EAGAIN,  EALREADY,
    EBADF,        ECONNREFUSED, EFAULT,          EINPROGRESS,    EINTR,        EISCONN, ENETUNREACH,
    ENOTSOCK,     EPROTOTYPE,   ETIMEDOUT,       ECONNABORTED,   EHOSTUNREACH, EINVAL,  EMSGSIZE,
    ENOBUFS,      ENOMEM,       ENODEV,          ENOPROTOOPT,    EOPNOTSUPP,   EPIPE,   ECONNRESET,
    ENETDOWN,     EHOSTDOWN,    ENONET,          EPROTO,         EMFILE,       ENFILE,  ENOKEY,
    EDESTADDRREQ, ENXIO,        ESOCKTNOSUPPORT, EPROTONOSUPPORT};

bool tells(std::string_view line, std::string_view words) {
  const auto text = explain(line, {});
  return text && text->find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("explain knows each error of connect() by its name and by what a program prints") {
  for (const int error : errors) {
    const auto name = errno_name(error), text = errno_text(error);
    CAPTURE(name, text);
    CHECK(explain(name, {}));
    if (error == EPROTO) continue;  // what other protocols print as well
    CHECK(explain(text, {}));
    CHECK(explain("ssh: connect to host db port 22: " + text, {}));
    const auto by_name = explain(name, {}).value_or(""), by_text = explain(text, {}).value_or("");
    CHECK(by_name.substr(by_name.find(" (")) == by_text.substr(by_text.find(" (")));
  }
}

TEST_CASE("explain tells the cause of an error of this machine, and what to do") {
  CHECK(tells("Cannot assign requested address", "ip_local_port_range"));
  CHECK(tells("Cannot assign requested address", "TIME-WAIT"));
  CHECK(tells("Address already in use", "ss -tanp"));
  CHECK(tells("ENETDOWN", "network interface is down"));
  CHECK(tells("No buffer space available", "tc -s qdisc"));
  CHECK(tells("ping: sendmsg: Required key not available", "allowed IPs"));
  CHECK(tells("ping: sendmsg: Destination address required", "endpoint"));
  CHECK(tells("EACCES", "IPv6"));
  CHECK(tells("Network is unreachable", "this machine"));
  CHECK(tells("Operation now in progress", "stopped waiting"));
}

TEST_CASE("an error's name counts as a word of its own only") {
  CHECK_FALSE(explain("httpx.RemoteProtocolError: Server sent no response", {}));
  CHECK_FALSE(explain("curl: (92) HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR", {}));
  CHECK(tells("OSError: [Errno 99] connect: EADDRNOTAVAIL", "eaddrnotavail ("));
  CHECK(tells("Error: connect EADDRNOTAVAIL 203.0.113.10:22", "eaddrnotavail ("));
}

TEST_CASE("what explain tells of an error fits the width") {
  for (const int error : errors) {
    const auto text = explain(errno_name(error), {false, 80}).value_or("");
    CAPTURE(text);
    for (std::size_t start = 0; start < text.size();) {
      const auto end = std::min(text.find('\n', start), text.size());
      CHECK(end - start <= 80);
      start = end + 1;
    }
  }
}

TEST_CASE("where no local port is left, the error names the cause and what to do next") {
  const auto error = no_port_left({*IpAddress::parse("203.0.113.10"), 22});
  CHECK(error.error == EADDRNOTAVAIL);
  CHECK(error.doing == "connect() to port 22 of 203.0.113.10");
  for (const char* words :
       {"no local port is free", "TIME-WAIT", "ip_local_port_range", "ss -tanp dst 203.0.113.10",
        "wait a minute", "hopblame explain EADDRNOTAVAIL"})
    CHECK(error.next.find(words) != std::string::npos);
}
