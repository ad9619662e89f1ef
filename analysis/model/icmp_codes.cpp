#include "analysis/model/icmp_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace hopblame {
namespace {

struct Code {
  std::uint8_t type, code;
  int error;
  const char* text;
};

// RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
constexpr std::array v4{
    Code{3, 0, ENETUNREACH, "network unreachable"},
    Code{3, 1, EHOSTUNREACH, "host unreachable"},
    Code{3, 2, ENOPROTOOPT, "protocol unreachable"},
    Code{3, 3, ECONNREFUSED, "port unreachable"},
    Code{3, 4, 0, "fragmentation needed"},
    Code{3, 5, EOPNOTSUPP, "source route failed"},
    Code{3, 6, ENETUNREACH, "destination network unknown"},
    Code{3, 7, EHOSTDOWN, "destination host unknown"},
    Code{3, 8, ENONET, "source host isolated"},
    Code{3, 9, ENETUNREACH, "network administratively prohibited"},
    Code{3, 10, EHOSTUNREACH, "host administratively prohibited"},
    Code{3, 11, ENETUNREACH, "network unreachable for this type of service"},
    Code{3, 12, EHOSTUNREACH, "host unreachable for this type of service"},
    Code{3, 13, EHOSTUNREACH, "communication administratively prohibited"},
    Code{3, 14, EHOSTUNREACH, "host precedence violation"},
    Code{3, 15, EHOSTUNREACH, "precedence cutoff in effect"},
    Code{4, 0, 0, "source quench"},
    Code{11, 0, EHOSTUNREACH, "time exceeded in transit"},
    Code{11, 1, 0, "fragment reassembly time exceeded"},
    Code{12, 0, EPROTO, "parameter problem"},
    Code{12, 1, EPROTO, "required option missing"},
    Code{12, 2, EPROTO, "bad length"},
};

// RFC 4443 section 3; 1/8: RFC 8883.
constexpr std::array v6{
    Code{1, 0, ENETUNREACH, "no route to destination"},
    Code{1, 1, EACCES, "communication administratively prohibited"},
    Code{1, 2, EHOSTUNREACH, "beyond scope of source address"},
    Code{1, 3, EHOSTUNREACH, "address unreachable"},
    Code{1, 4, ECONNREFUSED, "port unreachable"},
    Code{1, 5, EACCES, "source address failed ingress or egress policy"},
    Code{1, 6, EACCES, "reject route to destination"},
    Code{1, 7, EPROTO, "error in source routing header"},
    Code{1, 8, EPROTO, "headers too long"},
    Code{2, 0, 0, "packet too big"},
    Code{3, 0, EHOSTUNREACH, "hop limit exceeded in transit"},
    Code{3, 1, EHOSTUNREACH, "fragment reassembly time exceeded"},
    Code{4, 0, EPROTO, "parameter problem"},
    Code{4, 1, EPROTO, "unrecognised next header"},
    Code{4, 2, EPROTO, "unrecognised IPv6 option"},
};

/// Of codes that the stack has no errno for, the type decides (net/ipv4/tcp_ipv4.c tcp_v4_err,
/// net/ipv6/icmp.c icmpv6_err_convert).
int errno_of_type(Family family, std::uint8_t type) {
  if (family == Family::ipv4) return type == 12 ? EPROTO : 0;
  if (type == 3) return EHOSTUNREACH;
  return type == 1 || type == 4 ? EPROTO : 0;
}

const Code* find(Family family, std::uint8_t type, std::uint8_t code) {
  const auto table = family == Family::ipv4 ? std::span<const Code>(v4) : std::span<const Code>(v6);
  for (const auto& entry : table)
    if (entry.type == type && entry.code == code) return &entry;
  return nullptr;
}

}  // namespace

std::string icmp_text(Family family, std::uint8_t type, std::uint8_t code) {
  if (const auto* known = find(family, type, code)) return known->text;
  return fmt::format("ICMP type {} code {}", type, code);
}

int icmp_errno(Family family, std::uint8_t type, std::uint8_t code) {
  const auto* known = find(family, type, code);
  return known ? known->error : errno_of_type(family, type);
}

bool is_routing_code(Family family, std::uint8_t type, std::uint8_t code) {
  constexpr std::array of_routing6{0, 1, 3, 5, 6};
  if (family == Family::ipv6) return type == 1 && std::ranges::count(of_routing6, code) > 0;
  constexpr std::array of_routing{0, 1, 5, 6, 7, 8, 11, 12, 13};
  return type == 3 && std::ranges::count(of_routing, code) > 0;
}

bool is_host_unreachable(Family family, std::uint8_t type, std::uint8_t code) {
  return family == Family::ipv4 ? type == 3 && code == 1 : type == 1 && code == 3;
}

bool is_admin_prohibited(Family family, std::uint8_t type, std::uint8_t code) {
  const bool prohibits6 = code == 1 || code == 5 || code == 6;
  return family == Family::ipv4 ? type == 3 && code == 13 : type == 1 && prohibits6;
}

bool is_source_refused(Family family, std::uint8_t type, std::uint8_t code) {
  return family == Family::ipv6 && type == 1 && code == 5;
}

Mechanism mechanism_of_rejection(Family family, std::uint8_t type, std::uint8_t code) {
  if (is_host_unreachable(family, type, code)) return Mechanism::host_down;
  return is_routing_code(family, type, code) && !is_admin_prohibited(family, type, code)
             ? Mechanism::no_route
             : Mechanism::icmp_reject_router;
}

}  // namespace hopblame
