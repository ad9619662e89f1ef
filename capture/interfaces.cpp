#include "capture/interfaces.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <memory>

#include "capture/links.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

/// Administratively up and with carrier (netdevice(7)).
bool is_up(unsigned flags) { return (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0; }

/// Without ARP and neighbour discovery: what is sent goes to the one other end.
bool asks_for_nobody(unsigned flags) {
  return (flags & (IFF_POINTOPOINT | IFF_NOARP)) != 0 && (flags & IFF_LOOPBACK) == 0;
}

void add_state(Vantage& vantage, const Link& link) {
  if (link.name == vantage.interface) {
    vantage.interface_up = is_up(link.flags);
    vantage.mtu = link.mtu;
    vantage.point_to_point = asks_for_nobody(link.flags);
  } else if (!is_up(link.flags) && (link.flags & IFF_LOOPBACK) == 0) {
    vantage.down_interfaces.push_back(link.name);
  }
}

template <typename Each>
void for_each_address(Each each) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next)
    if (entry->ifa_addr != nullptr) each(*entry);
}

std::optional<IpAddress> address_in(const sockaddr* from) {
  if (from == nullptr) return {};
  return endpoint_of(from).address;
}

bool is_same_network(const IpAddress& one, const IpAddress& other, const IpAddress& mask) {
  for (std::size_t i = 0; i < one.bytes.size(); ++i)
    if (((one.bytes[i] ^ other.bytes[i]) & mask.bytes[i]) != 0) return false;
  return true;
}

bool has_network_of(const ifaddrs& entry, const IpAddress& target) {
  if (entry.ifa_addr->sa_family != af_of(target.family)) return false;
  if ((entry.ifa_flags & IFF_POINTOPOINT) != 0 && address_in(entry.ifa_dstaddr) == target)
    return true;
  const auto own = address_in(entry.ifa_addr), mask = address_in(entry.ifa_netmask);
  return own && mask && is_same_network(*own, target, *mask);
}

}  // namespace

void add_interface_facts(Vantage& vantage) {
  const auto links = all_links();
  for (const auto& link : links) add_state(vantage, link);
  std::sort(vantage.down_interfaces.begin(), vantage.down_interfaces.end());
  vantage.elsewhere = others_of(links, vantage.interface);
  vantage.on_other_links = stands_on_others(links, vantage.interface);
}

bool is_in_network_of(const std::string& interface, const IpAddress& target) {
  bool found = false;
  for_each_address([&](const ifaddrs& entry) {
    found = found || (interface == entry.ifa_name && has_network_of(entry, target));
  });
  return found;
}

std::vector<IpAddress> other_sources_on(const std::string& interface, const IpAddress& used) {
  std::vector<IpAddress> found;
  for_each_address([&](const ifaddrs& entry) {
    const bool fits =
        interface == entry.ifa_name && entry.ifa_addr->sa_family == af_of(used.family);
    const auto address = fits ? address_in(entry.ifa_addr) : std::nullopt;
    if (!address || address->is_link_local() || has_network_of(entry, used)) return;
    found.push_back(*address);
  });
  return found;
}

bool interface_exists(const std::string& name) { return if_nametoindex(name.c_str()) != 0; }

}  // namespace hopblame
