#include "capture/route.hpp"

#include <linux/rtnetlink.h>

#include <cerrno>
#include <cstring>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

void put(std::vector<std::uint8_t>& out, const void* from, std::size_t size) {
  out.resize(out.size() + size);
  std::memcpy(out.data() + out.size() - size, from, size);
}

void put_attribute(std::vector<std::uint8_t>& out, unsigned short type,
                   std::span<const std::uint8_t> value) {
  const rtattr head{static_cast<unsigned short>(RTA_LENGTH(value.size())), type};
  put(out, &head, sizeof head);
  put(out, value.data(), value.size());
}

std::vector<std::uint8_t> message(unsigned short type, const std::vector<std::uint8_t>& body) {
  nlmsghdr head{};
  head.nlmsg_len = static_cast<std::uint32_t>(NLMSG_HDRLEN + body.size());
  head.nlmsg_type = type;
  std::vector<std::uint8_t> out;
  put(out, &head, sizeof head);
  put(out, body.data(), body.size());
  return out;
}

std::vector<std::uint8_t> route_body(unsigned char family, unsigned char type) {
  rtmsg route{};
  route.rtm_family = family;
  route.rtm_type = type;
  std::vector<std::uint8_t> out;
  put(out, &route, sizeof route);
  return out;
}

const auto gateway = *IpAddress::parse("192.0.2.1");
const auto local = *IpAddress::parse("192.0.2.7");

std::vector<std::uint8_t> usual_answer() {
  auto body = route_body(AF_INET, RTN_UNICAST);
  const int index = 4;
  std::array<std::uint8_t, 4> oif{};
  std::memcpy(oif.data(), &index, 4);
  put_attribute(body, RTA_OIF, oif);
  put_attribute(body, RTA_PREFSRC, local.octets());
  put_attribute(body, RTA_GATEWAY, gateway.octets());
  return message(RTM_NEWROUTE, body);
}

}  // namespace

TEST_CASE("a route names interface, source and gateway") {
  const RouteAnswer expected{0, false, false, 4, local, gateway};
  CHECK(read_route(usual_answer()) == expected);
}

TEST_CASE("a target that is many hosts is known by the type of its route") {
  const int type = GENERATE(int{RTN_MULTICAST}, int{RTN_BROADCAST});
  const auto body = route_body(AF_INET, static_cast<unsigned char>(type));
  CHECK(read_route(message(RTM_NEWROUTE, body)).many);
  CHECK_FALSE(read_route(usual_answer()).many);
}

TEST_CASE("an IPv4 route may have an IPv6 gateway") {
  auto body = route_body(AF_INET, RTN_UNICAST);
  const auto via = *IpAddress::parse("fe80::1");
  std::vector<std::uint8_t> value{AF_INET6, 0};
  put(value, via.bytes.data(), 16);
  put_attribute(body, RTA_VIA, value);
  CHECK(read_route(message(RTM_NEWROUTE, body)).gateway == via);
}

TEST_CASE("a route that says no keeps its errno") {
  const int error = GENERATE(ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL);
  nlmsgerr body{};
  body.error = -error;
  std::vector<std::uint8_t> bytes;
  put(bytes, &body, sizeof body);
  CHECK(read_route(message(NLMSG_ERROR, bytes)).error == error);
}

TEST_CASE("IPv6 says no with the type of the route") {
  const auto [type, error] = GENERATE(table<int, int>({{RTN_UNREACHABLE, EHOSTUNREACH},
                                                       {RTN_PROHIBIT, EACCES},
                                                       {RTN_BLACKHOLE, EINVAL},
                                                       {RTN_THROW, ENETUNREACH},
                                                       {RTN_UNICAST, 0}}));
  const auto body = route_body(AF_INET6, static_cast<unsigned char>(type));
  CHECK(read_route(message(RTM_NEWROUTE, body)).error == error);
}

TEST_CASE("every prefix of an answer is read without harm") {
  const auto whole = usual_answer();
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(read_route(std::span(whole).first(size)).error == EPROTO);
  auto lying = whole;
  for (std::size_t at = 0; at < lying.size(); ++at) {
    lying[at] ^= 0xff;
    (void)read_route(lying);
    lying[at] ^= 0xff;
  }
  CHECK(lying == whole);
}

TEST_CASE("this machine's own address is local, over loopback") {
  const auto address = GENERATE("127.0.0.1", "::1");
  const auto found = find_route({*IpAddress::parse(address), {}, ""});
  REQUIRE(std::holds_alternative<Vantage>(found));
  const auto& vantage = std::get<Vantage>(found);
  if (vantage.route_error != 0) return;  // a machine without IPv6
  CHECK(vantage.target_is_local);
  CHECK(vantage.interface == "lo");
  CHECK(vantage.local == *IpAddress::parse(address));
  CHECK(vantage.mtu > 0);
}

TEST_CASE("a source or an interface that is not ours is an error") {
  const auto target = *IpAddress::parse("127.0.0.1");
  const auto by_source = find_route({target, *IpAddress::parse("192.0.2.200"), ""});
  REQUIRE(std::holds_alternative<SystemError>(by_source));
  CHECK(std::get<SystemError>(by_source).error == EADDRNOTAVAIL);
  const auto by_interface = find_route({target, {}, "nosuch0"});
  REQUIRE(std::holds_alternative<SystemError>(by_interface));
  CHECK(std::get<SystemError>(by_interface).error == ENODEV);
}

TEST_CASE("no address is probed that is no host's") {
  const auto* nobody = GENERATE("0.0.0.0", "::");
  const auto found = find_route({*IpAddress::parse(nobody), {}, {}});
  REQUIRE(std::holds_alternative<SystemError>(found));
  CHECK(std::get<SystemError>(found).doing.find("no host's address") != std::string::npos);
}
