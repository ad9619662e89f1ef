#include "capture/syns_told.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace hopblame {

/// Of a socket that was refused the first of the two counters is 0, of one that is connected the
/// second (measured).
std::optional<SynsTold> told_of_syns(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  SynsTold told{std::max<std::uint32_t>(info.tcpi_total_retrans, info.tcpi_retransmits), {}};
  if (info.tcpi_rtt > 0) told.round_trip = std::chrono::microseconds(info.tcpi_rtt);
  return told;
}

}  // namespace hopblame
