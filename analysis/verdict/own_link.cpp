#include "analysis/verdict/own_link.hpp"

#include <fmt/format.h>

namespace hopblame {
namespace {

const std::string& own_interface(const Case& the_case) {
  return the_case.run.facts.vantage.interface;
}

bool is_unique_local(const IpAddress& address) {
  return address.family == Family::ipv6 && (address.bytes[0] & 0xfe) == 0xfc;
}

/// 2000::/3, all that is given out for the Internet (RFC 4291 section 2.4).
bool is_of_internet(const IpAddress& address) {
  return address.family == Family::ipv6 && (address.bytes[0] & 0xe0) == 0x20;
}

}  // namespace

bool leaves_by_tunnel(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  return vantage.point_to_point && !vantage.target_is_local && !is_foreign(the_case.run);
}

Evidence carried_by_another(const Case& the_case) {
  return {fmt::format("{} is a tunnel, PPP or modem link: another network carries its packets to "
                      "the next hop, with some bytes more each. Large ones may be too large for "
                      "that network and be lost before hop 1.",
                      own_interface(the_case)),
          {}};
}

Explanation tunnel_unheard(const Case& the_case) {
  const auto& interface = own_interface(the_case);
  return {Mechanism::local_neighbour,
          1,
          {CulpritKind::between, 0, 1, {}},
          {{fmt::format("{} is a tunnel, PPP or modem link, and nothing at all came back by it. "
                        "Nobody is asked for a hardware address there, so packets leave whether "
                        "its other end is alive or not.",
                        interface),
            {}}},
          {},
          fmt::format("`ip -s link show dev {0}` on this machine: does it receive anything? "
                      "WireGuard: `sudo wg show {0}`, latest handshake; and a ping of the other "
                      "end.",
                      interface)};
}

std::optional<Evidence> source_of_a_site(const Case& the_case) {
  const auto& local = the_case.run.facts.vantage.local;
  if (is_foreign(the_case.run) || !is_unique_local(local) || !is_of_internet(the_case.owner()))
    return {};
  return Evidence{fmt::format("The source address {} is a unique local one (fc00::/7), for use "
                              "inside a site: the Internet has no way back to it.",
                              to_string(local)),
                  {}};
}

}  // namespace hopblame
