#include "analysis/path/oversize.hpp"

namespace hopblame {
namespace {

/// Of IP and TCP, without options.
std::uint32_t least_header(Family family) { return family == Family::ipv4 ? 40 : 60; }

}  // namespace

bool is_of_size(const Reply& reply) {
  if (!reply.icmp || !reply.icmp->mtu) return false;
  const bool v4 = reply.icmp->type == 3 && reply.icmp->code == 4;
  return v4 || reply.icmp->type == 2;
}

std::vector<const Reply*> size_messages(const Exchange& call) {
  std::vector<const Reply*> found;
  for (const auto& reply : call.replies)
    if (is_of_size(reply)) found.push_back(&reply);
  if (found.empty()) return found;
  const auto mtu = found.back()->icmp->mtu;
  std::erase_if(found, [&](const Reply* one) { return one->icmp->mtu != mtu; });
  return found;
}

bool is_too_big(const OwnSegment& segment, const Reply& told) {
  return segment.last_bytes + least_header(told.from.family) > told.icmp->mtu.value_or(0);
}

bool goes_unheeded(const OwnSegment& segment, const Reply& told) {
  return is_too_big(segment, told) && segment.last >= told.at + shortest_repetition;
}

}  // namespace hopblame
