#include "src/report/icmp_words.hpp"

namespace hopblame {
namespace {

struct Entry {
  Family family;
  std::uint8_t type, code;
  const char* text;
};

constexpr auto v4 = Family::ipv4;
constexpr auto v6 = Family::ipv6;

constexpr Entry entries[] = {
    {v4, 3, 0, "network unreachable"},
    {v4, 3, 1, "host unreachable"},
    {v4, 3, 2, "protocol unreachable"},
    {v4, 3, 3, "port unreachable"},
    {v4, 3, 4, "fragmentation needed"},
    {v4, 3, 5, "source route failed"},
    {v4, 3, 6, "network unknown"},
    {v4, 3, 7, "host unknown"},
    {v4, 3, 8, "source host isolated"},
    {v4, 3, 9, "network administratively prohibited"},
    {v4, 3, 10, "host administratively prohibited"},
    {v4, 3, 11, "network unreachable for this type of service"},
    {v4, 3, 12, "host unreachable for this type of service"},
    {v4, 3, 13, "communication administratively prohibited"},
    {v4, 3, 14, "host precedence violation"},
    {v4, 3, 15, "precedence cutoff in effect"},
    {v4, 4, 0, "source quench"},
    {v4, 5, 0, "redirect for the network"},
    {v4, 5, 1, "redirect for the host"},
    {v4, 11, 0, "time exceeded: hop limit spent"},
    {v4, 11, 1, "time exceeded: fragments missing"},
    {v4, 12, 0, "parameter problem"},
    {v6, 1, 0, "no route to destination"},
    {v6, 1, 1, "communication administratively prohibited"},
    {v6, 1, 2, "beyond scope of source address"},
    {v6, 1, 3, "address unreachable"},
    {v6, 1, 4, "port unreachable"},
    {v6, 1, 5, "source address failed policy"},
    {v6, 1, 6, "reject route to destination"},
    {v6, 1, 7, "error in source routing header"},
    {v6, 2, 0, "packet too big"},
    {v6, 3, 0, "time exceeded: hop limit spent"},
    {v6, 3, 1, "time exceeded: fragments missing"},
    {v6, 4, 0, "parameter problem: erroneous header field"},
    {v6, 4, 1, "parameter problem: unknown next header"},
    {v6, 4, 2, "parameter problem: unknown option"},
};

}  // namespace

std::string icmp_text(Family family, std::uint8_t type, std::uint8_t code) {
  for (const auto& entry : entries)
    if (entry.family == family && entry.type == type && entry.code == code) return entry.text;
  return "type " + std::to_string(type) + " code " + std::to_string(code);
}

}  // namespace hopblame
