#include "src/lab/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "analysis/plan/ssh_opening.hpp"

namespace hopblame {
namespace {

/// The usual size of an OpenSSH server's KEXINIT, about.
constexpr std::size_t key_exchange_bytes = 1080;

/// A server may begin its key exchange right after its identification (RFC 4253 section 7.1).
std::string greeting(std::string_view mode) {
  if (mode == "ssh") return "SSH-2.0-hopblame_lab\r\n" + ssh_key_exchange(key_exchange_bytes, "");
  if (mode == "smtp") return "220 mail.example ESMTP\r\n";
  return {};
}

/// Lines that are no identification, one every half second, for as long as the client stays.
void hold(int client) {
  if (fork() != 0) return;
  while (send(client, "wait\r\n", 6, MSG_NOSIGNAL) > 0) usleep(500'000);
  _exit(0);
}

/// IPv4 addresses are written into the IPv6 socket address as RFC 4291 mapped ones.
bool address_of(const std::string& text, std::uint16_t port, sockaddr_in6& address) {
  address = {};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  const std::string mapped = text.find(':') == std::string::npos ? "::ffff:" + text : text;
  return inet_pton(AF_INET6, mapped.c_str(), &address.sin6_addr) == 1;
}

int open_listener(const sockaddr_in6& address, int backlog) {
  const int one = 1;
  const int off = 0;
  const int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return -1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (bind(listener, name, sizeof address) == 0 && listen(listener, backlog) == 0) return listener;
  close(listener);
  return -1;
}

/// The queue is full, or has room for one connection.
bool takes_nothing(std::string_view mode) { return mode == "queue-full" || mode == "hung"; }

/// A backlog of 0 holds one connection (Linux: sk_acceptq_is_full); two cannot get in.
void fill_queue(sockaddr_in6 address) {
  address.sin6_addr = in6addr_loopback;
  for (int i = 0; i < 2; ++i) {
    const int client = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
}

/// A greeted or silent connection stays open for good: the process ends with the lab.
void serve(int listener, std::string_view mode) {
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  if (mode == "tarpit") return hold(client);
  const auto text = greeting(mode);
  if (!text.empty()) send(client, text.data(), text.size(), MSG_NOSIGNAL);
  if (mode == "close") close(client);
}

std::vector<pollfd> open_all(std::span<const std::string> addresses, std::uint16_t port,
                             std::string_view mode) {
  std::vector<pollfd> listeners;
  for (const std::string& text : addresses) {
    sockaddr_in6 address{};
    if (!address_of(text, port, address)) return {};
    const int listener = open_listener(address, takes_nothing(mode) ? 0 : 64);
    if (listener < 0) return {};
    if (mode == "queue-full") fill_queue(address);
    listeners.push_back({listener, POLLIN, 0});
  }
  return listeners;
}

}  // namespace

int lab_listener(std::span<const std::string> arguments) {
  std::uint16_t port = 0;
  if (arguments.size() < 2) return 2;
  const std::string& digits = arguments[1];
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const std::vector<std::string> any = {"::"};
  const auto given = arguments.subspan(2);
  auto listeners =
      open_all(given.empty() ? std::span<const std::string>(any) : given, port, arguments[0]);
  if (listeners.empty()) return std::perror("lab-listener"), 4;
  if (takes_nothing(arguments[0])) return pause();
  while (poll(listeners.data(), listeners.size(), -1) >= 0)
    for (const pollfd& ready : listeners)
      if (ready.revents & POLLIN) serve(ready.fd, arguments[0]);
  return 4;
}

}  // namespace hopblame
