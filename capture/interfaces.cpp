#include "capture/interfaces.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <memory>

#include "capture/system.hpp"

namespace hopblame {
namespace {

std::uint32_t mtu_of(const std::string& name) {
  const Descriptor fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (!fd.valid() || ioctl(fd.get(), SIOCGIFMTU, &request) != 0) return 0;
  return static_cast<std::uint32_t>(request.ifr_mtu);
}

/// Administratively up and with carrier (netdevice(7)).
bool is_up(unsigned flags) { return (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0; }

void add_state(Vantage& vantage, const std::string& name, unsigned flags) {
  if (name == vantage.interface)
    vantage.interface_up = is_up(flags);
  else if (!is_up(flags) && (flags & IFF_LOOPBACK) == 0)
    vantage.down_interfaces.push_back(name);
}

}  // namespace

void add_interface_facts(Vantage& vantage) {
  if (!vantage.interface.empty()) vantage.mtu = mtu_of(vantage.interface);
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next)
    if (entry->ifa_addr != nullptr && entry->ifa_addr->sa_family == AF_PACKET)
      add_state(vantage, entry->ifa_name, entry->ifa_flags);
  std::sort(vantage.down_interfaces.begin(), vantage.down_interfaces.end());
}

bool interface_exists(const std::string& name) { return if_nametoindex(name.c_str()) != 0; }

}  // namespace hopblame
