#pragma once
// The interfaces of this machine as rtnetlink(7) lists them (RTM_GETLINK), those without a hardware
// address (tun, WireGuard, ppp) included; and where answers may come in although probes do not
// leave there.

#include <span>
#include <string>
#include <vector>

#include "analysis/model/facts.hpp"

namespace hopblame {

struct Link {
  std::uint32_t index = 0;
  std::string name;
  unsigned flags = 0;        ///< IFF_..., netdevice(7)
  std::uint32_t mtu = 0;     ///< 0: not told
  std::uint32_t master = 0;  ///< bridge, bond or VRF that it belongs to; 0: none
  std::uint32_t lower = 0;   ///< link that it stands on (VLAN, macvlan); 0: none, or elsewhere
  bool operator==(const Link&) const = default;
};

/// One RTM_NEWLINK message; index 0 where it cannot be read.
[[nodiscard]] Link read_link(std::span<const std::uint8_t> message);

/// None where the kernel does not tell.
[[nodiscard]] std::vector<Link> all_links();

/// Those that a capture on `interface` does not show already, so that no packet is seen twice. What
/// stands under it, or on it, sees the same packets; so does what another one stands on (a VLAN's
/// link); and a port of a bridge or bond takes none for itself.
[[nodiscard]] std::vector<OtherInterface> others_of(const std::vector<Link>& links,
                                                    const std::string& interface);

/// A bridge or bond with ports, a VLAN or macvlan whose link is here too. A veth names its other
/// end as the link below, and that one this.
[[nodiscard]] bool stands_on_others(const std::vector<Link>& links, const std::string& interface);

}  // namespace hopblame
