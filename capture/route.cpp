#include "capture/route.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "capture/interfaces.hpp"
#include "capture/netlink.hpp"

namespace hopblame {
namespace {

using netlink::take;

void append(std::vector<std::uint8_t>& out, const void* from, std::size_t size) {
  out.resize(out.size() + size);
  std::memcpy(out.data() + out.size() - size, from, size);
}

void append_attribute(std::vector<std::uint8_t>& out, unsigned short type,
                      std::span<const std::uint8_t> value) {
  const rtattr head{static_cast<unsigned short>(RTA_LENGTH(value.size())), type};
  append(out, &head, sizeof head);
  append(out, value.data(), value.size());  // 4 or 16 bytes: aligned as it is
}

std::optional<IpAddress> address_in(std::span<const std::uint8_t> value) {
  if (value.size() == 4) return IpAddress::v4(std::span<const std::uint8_t, 4>(value));
  if (value.size() == 16) return IpAddress::v6(std::span<const std::uint8_t, 16>(value));
  return std::nullopt;
}

/// RTA_VIA (an IPv6 gateway for an IPv4 route, RFC 5549): a family, then the address.
std::optional<IpAddress> address_via(std::span<const std::uint8_t> value) {
  return value.size() > 2 ? address_in(value.subspan(2)) : std::nullopt;
}

void read_attribute(RouteAnswer& answer, int type, std::span<const std::uint8_t> value) {
  switch (type) {
    case RTA_OIF: answer.interface_index = take<int>(value).value_or(0); break;
    case RTA_PREFSRC: answer.source = address_in(value); break;
    case RTA_GATEWAY: answer.gateway = address_in(value); break;
    case RTA_VIA: answer.gateway = address_via(value); break;
    default: break;
  }
}

/// IPv6 answers with a route of this type where IPv4 answers with the error itself.
int error_of_type(unsigned char type) {
  switch (type) {
    case RTN_UNREACHABLE: return EHOSTUNREACH;
    case RTN_PROHIBIT: return EACCES;
    case RTN_BLACKHOLE: return EINVAL;
    case RTN_THROW: return ENETUNREACH;
    default: return 0;
  }
}

RouteAnswer unreadable() {
  RouteAnswer answer;
  answer.error = EPROTO;
  return answer;
}

std::variant<std::vector<std::uint8_t>, SystemError> ask_kernel(
    const std::vector<std::uint8_t>& request) {
  const Descriptor fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid()) return SystemError{errno, "ask the routing table"};
  std::vector<std::uint8_t> answer(8192);
  if (send(fd.get(), request.data(), request.size(), 0) < 0)
    return SystemError{errno, "ask the routing table"};
  const auto size = recv(fd.get(), answer.data(), answer.size(), 0);
  if (size < 0) return SystemError{errno, "read the routing table"};
  answer.resize(static_cast<std::size_t>(size));
  return answer;
}

/// The kernel takes a foreign source for an invalid argument, which also means blackhole; bind()
/// tells them apart.
int check_source(const RouteQuestion& question) {
  const Descriptor fd(socket(af_of(question.source->family), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  const SocketAddress address({*question.source, 0}, question.interface);
  return bind(fd.get(), address.get(), address.length) == 0 ? 0 : errno;
}

/// Those by which the routing table knows a gateway for it.
std::vector<OtherInterface> exits_among(const std::vector<OtherInterface>& others,
                                        const IpAddress& target) {
  std::vector<OtherInterface> found;
  for (const auto& other : others) {
    const RouteQuestion question{target, {}, other.name};
    const auto reply = ask_kernel(route_request(question, static_cast<int>(other.index)));
    if (!std::holds_alternative<std::vector<std::uint8_t>>(reply)) continue;
    const auto answer = read_route(std::get<0>(reply));
    if (answer.error == 0 && !answer.local && answer.gateway) found.push_back(other);
  }
  return found;
}

Vantage vantage_of(const RouteAnswer& answer, const RouteQuestion& question) {
  Vantage vantage;
  vantage.local.family = question.target.family;
  vantage.route_error = answer.error;
  if (answer.error == 0) {
    vantage.target_is_local = answer.local;
    vantage.local = question.source.value_or(answer.source.value_or(vantage.local));
    vantage.gateway = answer.gateway;
    std::array<char, IF_NAMESIZE> name{};
    // IPv6 names the interface that owns a local address; its packets run over loopback all the
    // same.
    if (answer.local)
      vantage.interface = "lo";
    else if (if_indextoname(static_cast<unsigned>(answer.interface_index), name.data()) != nullptr)
      vantage.interface = name.data();
  }
  add_interface_facts(vantage);
  if (answer.error == 0 && !answer.local && !vantage.gateway)
    vantage.off_network = !is_in_network_of(vantage.interface, question.target);
  if (answer.error == 0 && !answer.local) {
    vantage.other_sources = other_sources_on(vantage.interface, vantage.local);
    vantage.other_exits = exits_among(vantage.elsewhere, question.target);
  }
  return vantage;
}

}  // namespace

std::vector<std::uint8_t> route_request(const RouteQuestion& question, int oif) {
  nlmsghdr header{};
  header.nlmsg_type = RTM_GETROUTE;
  header.nlmsg_flags = NLM_F_REQUEST;
  rtmsg route{};
  route.rtm_family = static_cast<unsigned char>(af_of(question.target.family));
  route.rtm_dst_len = static_cast<unsigned char>(question.target.octets().size() * 8);
  if (question.source) route.rtm_src_len = route.rtm_dst_len;
  std::vector<std::uint8_t> message;
  append(message, &header, sizeof header);
  append(message, &route, sizeof route);
  append_attribute(message, RTA_DST, question.target.octets());
  if (question.source) append_attribute(message, RTA_SRC, question.source->octets());
  std::array<std::uint8_t, sizeof oif> index{};
  std::memcpy(index.data(), &oif, sizeof oif);
  if (oif != 0) append_attribute(message, RTA_OIF, index);
  header.nlmsg_len = static_cast<std::uint32_t>(message.size());
  std::memcpy(message.data(), &header, sizeof header);
  return message;
}

RouteAnswer read_route(std::span<const std::uint8_t> message) {
  RouteAnswer answer;
  const auto header = take<nlmsghdr>(message);
  if (!header || header->nlmsg_len < NLMSG_HDRLEN || header->nlmsg_len > message.size())
    return unreadable();
  auto rest = message.first(header->nlmsg_len).subspan(NLMSG_HDRLEN);
  if (header->nlmsg_type == NLMSG_ERROR) {
    const auto error = take<int>(rest);
    answer.error = error && *error < 0 ? -*error : EPROTO;
    return answer;
  }
  const auto route = take<rtmsg>(rest);
  if (!route || header->nlmsg_type != RTM_NEWROUTE) return unreadable();
  answer.local = route->rtm_type == RTN_LOCAL;
  answer.many = route->rtm_type == RTN_MULTICAST || route->rtm_type == RTN_BROADCAST;
  answer.error = error_of_type(route->rtm_type);
  rest = rest.subspan(NLMSG_ALIGN(sizeof(rtmsg)));
  netlink::each_attribute(rest, [&](int type, std::span<const std::uint8_t> value) {
    read_attribute(answer, type, value);
  });
  return answer;
}

std::variant<Vantage, SystemError> find_route(const RouteQuestion& question) {
  unsigned oif = 0;
  // Linux takes it for this machine's own in connect(), and sends it out of a raw socket.
  if (question.target.is_unspecified())
    return SystemError{EINVAL, "probe " + to_string(question.target) +
                                   ", which is no host's address; for this machine: localhost"};
  if (!question.interface.empty()) {
    oif = if_nametoindex(question.interface.c_str());
    if (oif == 0) return SystemError{ENODEV, "use the interface " + question.interface};
  }
  if (question.source)
    if (const int error = check_source(question))
      return SystemError{error, "use the source address " + to_string(*question.source)};
  auto reply = ask_kernel(route_request(question, static_cast<int>(oif)));
  if (auto* error = std::get_if<SystemError>(&reply)) return *error;
  const auto answer = read_route(std::get<0>(reply));
  if (answer.error == EINVAL && question.source && question.source->is_loopback())
    return SystemError{EINVAL, "send from " + to_string(*question.source) + " to another machine"};
  if (answer.many)
    return SystemError{EINVAL, "probe " + to_string(question.target) +
                                   ", which is not one host but many (multicast or broadcast)"};
  return vantage_of(answer, question);
}

}  // namespace hopblame
