#include "analysis/verdict/wording.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace hopblame {

Hops hop_named(const Case& the_case, std::uint8_t hop) {
  return {hop, hop, the_case.address_of(hop)};
}

Hops place_named(const Case& the_case, const Where& where) {
  const auto first = where.first_hop.value_or(1);
  if (first == where.last_hop) return hop_named(the_case, first);
  return {first, where.last_hop, {}};
}

Term limit_word(Family family) { return family == Family::ipv4 ? Term("TTL") : Term("hop limit"); }

Term limit_word(const Case& the_case) { return limit_word(the_case.owner().family); }

std::uint16_t port_of(const Case& the_case) { return the_case.run.goal.target.port; }

Text works_so_far() {
  return say(
      "nothing as far as the handshake goes; whether the service answers requests shows with a "
      "client of its own");
}

std::string after_text(Duration span) {
  constexpr Duration shown_as_nothing = std::chrono::milliseconds(50);
  return span < shown_as_nothing ? "at once" : fmt::format("after {:.1f} s", seconds(span));
}

std::string failure_text(int error) {
  switch (error) {
    case ENETUNREACH: return "ENETUNREACH (network is unreachable)";
    case EHOSTUNREACH: return "EHOSTUNREACH (no route to host)";
    case EACCES: return "EACCES (permission denied)";
    case EPERM: return "EPERM (operation not permitted)";
    case EINVAL: return "EINVAL (invalid argument)";
    case ENOBUFS: return "ENOBUFS (no buffer space available)";
    case ENETDOWN: return "ENETDOWN (network is down)";
    case EMSGSIZE: return "EMSGSIZE (message too long)";
    case ECONNREFUSED: return "ECONNREFUSED (connection refused)";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL (cannot assign requested address)";
    case ENOKEY: return "ENOKEY (required key not available)";
    case EDESTADDRREQ: return "EDESTADDRREQ (destination address required)";
    default: return fmt::format("error {}", error);
  }
}

std::vector<FrameId> frames(const std::vector<const Exchange*>& exchanges) {
  std::vector<FrameId> found;
  for (const auto* exchange : exchanges)
    found.insert(found.end(), exchange->left.begin(), exchange->left.end());
  return found;
}

std::vector<FrameId> frames(const Exchange& exchange, const Reply& reply) {
  std::vector<FrameId> found;
  found.reserve(2);
  if (exchange.sent() && !is_question_unseen(exchange, reply))
    found.push_back(exchange.left.front());
  found.push_back(reply.frame);
  return found;
}

bool is_question_unseen(const Exchange& exchange, const Reply& reply) {
  return exchange.sent() && exchange.left.front() == reply.frame;
}

}  // namespace hopblame
