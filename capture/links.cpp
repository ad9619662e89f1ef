#include "capture/links.hpp"

#include <net/if.h>

#include <algorithm>
#include <set>

#include "capture/netlink.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

/// A filter holds them all; nobody reads a report on more.
constexpr std::size_t most = 32;

std::uint32_t number_in(std::span<const std::uint8_t> value) {
  return netlink::take<std::uint32_t>(value).value_or(0);
}

std::string text_in(std::span<const std::uint8_t> value) {
  const auto end = std::find(value.begin(), value.end(), std::uint8_t{0});
  return {value.begin(), end};
}

using Indexes = std::set<std::uint32_t>;

/// It and all that its packets come in by: the links it stands on, the ports of a bridge or bond.
Indexes below(const std::vector<Link>& links, const Link& top) {
  Indexes found{top.index};
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const auto& link : links) {
      if (found.contains(link.master)) found.insert(link.index);
      if (found.contains(link.index) && link.lower != 0) found.insert(link.lower);
    }
  }
  return found;
}

bool takes_packets(const std::vector<Link>& links, const Link& link) {
  const bool carries_another = std::ranges::count(links, link.index, &Link::lower) > 0;
  return (link.flags & IFF_UP) != 0 && (link.flags & IFF_LOOPBACK) == 0 && link.master == 0 &&
         !carries_another;
}

bool ask_for_links(int fd) {
  struct {
    nlmsghdr header{};
    ifinfomsg body{};
  } request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  return send(fd, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

/// False at the end of the list, or of what can be read.
bool take_messages(std::span<const std::uint8_t> batch, std::vector<Link>& links) {
  while (const auto header = netlink::take<nlmsghdr>(batch)) {
    if (header->nlmsg_type != RTM_NEWLINK || header->nlmsg_len < sizeof *header ||
        header->nlmsg_len > batch.size())
      return false;
    links.push_back(read_link(batch.first(header->nlmsg_len)));
    batch = batch.subspan(std::min<std::size_t>(NLMSG_ALIGN(header->nlmsg_len), batch.size()));
  }
  return true;
}

}  // namespace

Link read_link(std::span<const std::uint8_t> message) {
  Link link;
  if (message.size() < sizeof(nlmsghdr)) return link;
  const auto rest = message.subspan(sizeof(nlmsghdr));
  const auto body = netlink::take<ifinfomsg>(rest);
  if (!body) return link;
  link.index = static_cast<std::uint32_t>(body->ifi_index);
  link.flags = body->ifi_flags;
  bool in_other_namespace = false;
  netlink::each_attribute(rest.subspan(sizeof *body),
                          [&](int type, std::span<const std::uint8_t> value) {
                            if (type == IFLA_IFNAME) link.name = text_in(value);
                            if (type == IFLA_MTU) link.mtu = number_in(value);
                            if (type == IFLA_MASTER) link.master = number_in(value);
                            if (type == IFLA_LINK) link.lower = number_in(value);
                            if (type == IFLA_LINK_NETNSID) in_other_namespace = true;
                          });
  if (in_other_namespace || link.lower == link.index) link.lower = 0;
  return link;
}

std::vector<Link> all_links() {
  std::vector<Link> links;
  const Descriptor fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd.valid() || !ask_for_links(fd.get())) return links;
  std::vector<std::uint8_t> buffer(32768);  // rtnetlink sends no larger piece
  for (bool more = true; more;) {
    const auto size = recv(fd.get(), buffer.data(), buffer.size(), 0);
    more =
        size > 0 && take_messages(std::span(buffer).first(static_cast<std::size_t>(size)), links);
  }
  return links;
}

bool stands_on_others(const std::vector<Link>& links, const std::string& interface) {
  const auto main = std::ranges::find(links, interface, &Link::name);
  if (main == links.end()) return false;
  return std::ranges::any_of(links, [&](const Link& link) {
    const bool port = link.master == main->index && main->index != 0;
    const bool lower = link.index == main->lower && main->lower != 0;
    return port || (lower && link.lower != main->index);
  });
}

std::vector<OtherInterface> others_of(const std::vector<Link>& links,
                                      const std::string& interface) {
  const auto main = std::ranges::find(links, interface, &Link::name);
  if (main == links.end() || (main->flags & IFF_LOOPBACK) != 0) return {};
  const auto known = below(links, *main);
  std::vector<OtherInterface> others;
  for (const auto& link : links) {
    const bool shown = known.contains(link.index) || link.lower == main->index;
    if (link.index == 0 || shown || link.index == main->master || !takes_packets(links, link))
      continue;
    if (others.size() < most) others.push_back({link.index, link.name});
  }
  return others;
}

}  // namespace hopblame
