#include "capture/links.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "capture/interfaces.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

constexpr unsigned up = IFF_UP | IFF_RUNNING;

using Names = std::vector<std::string>;

Names names(const std::vector<OtherInterface>& others) {
  Names names;
  for (const auto& other : others) names.push_back(other.name);
  return names;
}

Link link(std::uint32_t index, const char* name, unsigned flags = up, std::uint32_t master = 0,
          std::uint32_t lower = 0) {
  return {index, name, flags, 1500, master, lower};
}

const Link lo = link(1, "lo", up | IFF_LOOPBACK), eth0 = link(2, "eth0"), eth1 = link(3, "eth1");

void put(std::vector<std::uint8_t>& out, const void* from, std::size_t size) {
  out.resize(out.size() + size);
  std::memcpy(out.data() + out.size() - size, from, size);
}

void put_attribute(std::vector<std::uint8_t>& out, unsigned short type, const void* value,
                   std::size_t size) {
  const rtattr head{static_cast<unsigned short>(RTA_LENGTH(size)), type};
  put(out, &head, sizeof head);
  put(out, value, size);
  out.resize(NLMSG_ALIGN(out.size()));
}

/// A VLAN on link 3, in VRF 8, as the kernel tells it.
std::vector<std::uint8_t> told(bool lower_is_elsewhere) {
  nlmsghdr head{};
  head.nlmsg_type = RTM_NEWLINK;
  ifinfomsg body{};
  body.ifi_index = 5;
  body.ifi_flags = up;
  std::vector<std::uint8_t> message;
  put(message, &head, sizeof head);
  put(message, &body, sizeof body);
  const std::uint32_t lower = 3, master = 8, space = 0, mtu = 1500;
  put_attribute(message, IFLA_IFNAME, "eth1.30", 8);
  put_attribute(message, IFLA_MTU, &mtu, 4);
  put_attribute(message, IFLA_LINK, &lower, 4);
  put_attribute(message, IFLA_MASTER, &master, 4);
  if (lower_is_elsewhere) put_attribute(message, IFLA_LINK_NETNSID, &space, 4);
  return message;
}

}  // namespace

TEST_CASE("a link is read as the kernel tells it") {
  CHECK(read_link(told(false)) == link(5, "eth1.30", up, 8, 3));
  CHECK(read_link(told(true)).lower == 0);
}

TEST_CASE("a link message that is cut anywhere is read as far as it goes") {
  const auto whole = told(true);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto link = read_link(std::span(whole).first(size));
    CHECK((link.index == 0 || link.index == 5));
  }
}

TEST_CASE("answers may come in by any other interface that is up") {
  const auto down = link(4, "eth2", 0);
  CHECK(names(others_of({lo, eth0, eth1, down}, "eth0")) == Names{"eth1"});
  CHECK(others_of({lo, eth0}, "eth0").empty());
  CHECK(others_of({lo, eth0, eth1}, "lo").empty());
  CHECK(others_of({lo, eth0, eth1}, "gone").empty());
}

TEST_CASE("what shows the same packets is not watched twice") {
  const auto bridge = link(10, "br0"), port = link(3, "eth1", up, 10),
             vlan = link(5, "eth0.5", up, 0, 2), other_vlan = link(6, "eth0.6", up, 0, 2);
  CHECK(names(others_of({lo, eth0, bridge, port}, "eth0")) == Names{"br0"});
  CHECK(names(others_of({lo, eth0, bridge, port}, "br0")) == Names{"eth0"});
  // A VLAN's packets are seen on the link under it, another VLAN's are not seen on this one.
  CHECK(others_of({lo, eth0, vlan}, "eth0").empty());
  CHECK(names(others_of({lo, eth0, vlan, other_vlan}, "eth0.5")) == Names{"eth0.6"});
  CHECK(names(others_of({lo, eth1, eth0, vlan, other_vlan}, "eth1")) == Names{"eth0.5", "eth0.6"});
}

TEST_CASE("a bridge over a VLAN is seen on the link under that") {
  const auto bridge = link(10, "br0"), vlan = link(5, "eth0.5", up, 10, 2);
  CHECK(names(others_of({lo, eth0, eth1, bridge, vlan}, "br0")) == Names{"eth1"});
}

TEST_CASE("which interfaces stand on other links of this machine") {
  const auto bridge = link(10, "br0"), port = link(3, "eth1", up, 10),
             vlan = link(5, "eth0.5", up, 0, 2), here = link(6, "veth0", up, 0, 7),
             there = link(7, "veth1", up, 0, 6);
  const std::vector<Link> links{lo, eth0, bridge, port, vlan, here, there};
  CHECK(stands_on_others(links, "br0"));
  CHECK(stands_on_others(links, "eth0.5"));
  CHECK_FALSE(stands_on_others(links, "eth0"));
  CHECK_FALSE(stands_on_others(links, "eth1"));
  CHECK_FALSE(stands_on_others(links, "veth0"));
  CHECK_FALSE(stands_on_others(links, "gone"));
}

TEST_CASE("the kernel's own list is read") {
  const auto links = all_links();
  CHECK(std::ranges::count(links, "lo", &Link::name) == 1);
  for (const auto& one : links) CHECK(interface_exists(one.name));
}
