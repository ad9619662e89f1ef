#include "capture/error_queue.hpp"

#include <linux/errqueue.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "capture/system.hpp"

namespace hopblame {
namespace {

bool is_error(const cmsghdr& header) {
  return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR) ||
         (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

/// The address of the sender follows the error (SO_EE_OFFENDER).
std::optional<QueuedIcmp> icmp_in(const cmsghdr& header) {
  sock_extended_err error{};
  sockaddr_storage from{};
  const std::size_t size = header.cmsg_len - CMSG_LEN(0);
  if (!is_error(header) || size < sizeof error + sizeof(sockaddr_in)) return {};
  std::memcpy(&error, CMSG_DATA(&header), sizeof error);
  std::memcpy(&from, CMSG_DATA(&header) + sizeof error, std::min(size - sizeof error, sizeof from));
  if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6) return {};
  return QueuedIcmp{error.ee_type, error.ee_code,
                    endpoint_of(reinterpret_cast<const sockaddr*>(&from)).address};
}

}  // namespace

int ask_for_icmp(int fd, Family family) {
  const int on = 1;
  const int level = family == Family::ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const int option = family == Family::ipv4 ? IP_RECVERR : IPV6_RECVERR;
  return setsockopt(fd, level, option, &on, sizeof on) == 0 ? 0 : errno;
}

std::optional<QueuedIcmp> queued_icmp(int fd) {
  constexpr int most = 16;
  for (int i = 0; i < most; ++i) {
    alignas(cmsghdr) std::array<char, 512> notes{};
    std::array<char, 64> packet{};
    iovec room{packet.data(), packet.size()};
    msghdr message{};
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    message.msg_control = notes.data();
    message.msg_controllen = notes.size();
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return {};
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header))
      if (const auto icmp = icmp_in(*header)) return icmp;
  }
  return {};
}

}  // namespace hopblame
