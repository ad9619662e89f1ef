#include "capture/redact/scrambler.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

namespace hopblame {
namespace {

/// IANA special-purpose registries (RFC 6890) and multicast. Of an address inside, `kept` bits
/// stay.
struct Range {
  const char* prefix;
  unsigned length, kept;
};

constexpr Range ranges[] = {
    {"0.0.0.0", 8, 32},            // this host, this network
    {"10.0.0.0", 8, 8},            // private, RFC 1918
    {"100.64.0.0", 10, 10},        // carrier NAT, RFC 6598
    {"127.0.0.0", 8, 32},          // loopback
    {"169.254.0.0", 16, 16},       // link local
    {"172.16.0.0", 12, 12},        // private
    {"192.168.0.0", 16, 16},       // private
    {"198.18.0.0", 15, 15},        // benchmarks
    {"224.0.0.0", 4, 32},          // multicast
    {"240.0.0.0", 4, 32},          // reserved, broadcast
    {"::", 96, 128},               // unspecified, loopback
    {"::ffff:0.0.0.0", 96, 96},    // IPv4 in IPv6
    {"64:ff9b::", 96, 96},         // IPv4 behind a translator, RFC 6052
    {"2000::", 3, 3},              // global unicast
    {"fc00::", 8, 8},              // unique local
    {"fd00::", 8, 8},              // unique local
    {"fe80::", 10, 64},            // link local
    {"ff00::", 8, 128},            // multicast
    {"ff02::1:ff00:0", 104, 104},  // solicited node: ends like the address asked for
};

struct Known {
  IpAddress prefix;
  unsigned length, kept;
};

const std::vector<Known>& known_ranges() {
  static const std::vector<Known> list = [] {
    std::vector<Known> made;
    for (const Range& range : ranges)
      made.push_back(
          {IpAddress::parse(range.prefix).value_or(IpAddress{}), range.length, range.kept});
    return made;
  }();
  return list;
}

unsigned common_bits(const IpAddress& one, const IpAddress& other) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < one.octets().size(); ++i) {
    const auto differ = static_cast<std::uint8_t>(one.bytes[i] ^ other.bytes[i]);
    bits += static_cast<unsigned>(std::countl_zero(differ));
    if (differ != 0) break;
  }
  return bits;
}

bool carries_ipv4(const IpAddress& address) {
  static const IpAddress mapped = IpAddress::parse("::ffff:0.0.0.0").value_or(IpAddress{});
  static const IpAddress translated = IpAddress::parse("64:ff9b::").value_or(IpAddress{});
  return address.family == Family::ipv6 &&
         (common_bits(address, mapped) >= 96 || common_bits(address, translated) >= 96);
}

/// Ethernet groups of IPv6 end in the last four bytes of the group's address (RFC 2464 section 7).
bool is_solicited_node(const Mac& mac) {
  return mac[0] == 0x33 && mac[1] == 0x33 && mac[2] == 0xff;
}

}  // namespace

/// A bit above a special range may not be flipped either: else some other range would land on it.
unsigned kept_bits(const IpAddress& address) {
  unsigned kept = 0, longest = 0;
  std::optional<unsigned> inside;
  for (const Known& range : known_ranges()) {
    if (range.prefix.family != address.family) continue;
    const unsigned common = common_bits(address, range.prefix);
    if (common < range.length)
      kept = std::max(kept, common + 1);
    else if (range.length >= longest)
      longest = range.length, inside = range.kept;
  }
  return inside.value_or(kept);
}

std::optional<Scrambler> Scrambler::with(const CryptoPan::Key& key) {
  auto pan = CryptoPan::with(key);
  if (!pan) return std::nullopt;
  return Scrambler(*std::move(pan));
}

IpAddress Scrambler::scramble(const IpAddress& address) const {
  if (!carries_ipv4(address)) return pan_.scramble(address, kept_bits(address));
  IpAddress out = address;
  const IpAddress inner = IpAddress::v4(std::span(address.bytes).last<4>());
  std::copy_n((*this)(inner).bytes.begin(), 4, out.bytes.begin() + 12);
  return out;
}

IpAddress Scrambler::operator()(const IpAddress& address) const {
  const auto found = known_.find(address);
  if (found != known_.end()) return found->second;
  constexpr std::size_t most = 262'144;  // a capture of a scan has more; remembering is not needed
  if (known_.size() >= most) known_.clear();
  const IpAddress out = scramble(address);
  known_.emplace(address, out);
  return out;
}

Mac Scrambler::operator()(const Mac& mac) const {
  if (is_solicited_node(mac)) {
    auto group = IpAddress::parse("ff02::1:ff00:0").value_or(IpAddress{});
    std::copy(mac.begin() + 3, mac.end(), group.bytes.begin() + 13);
    const IpAddress out = (*this)(group);
    return {0x33, 0x33, 0xff, out.bytes[13], out.bytes[14], out.bytes[15]};
  }
  const bool group = (mac[0] & 1) != 0;
  if (group || mac == Mac{}) return mac;
  CryptoPan::Block block{'M', 'A', 'C'};
  std::copy(mac.begin(), mac.end(), block.begin() + 10);
  const auto secret = pan_.encrypt(block);
  return {0x02, secret[1], secret[2], secret[3], secret[4], secret[5]};
}

void Scrambler::hide(std::string_view host) {
  if (IpAddress::parse(host.substr(0, host.find('%')))) return;
  while (!host.empty()) {
    const auto dot = std::min(host.find('.'), host.size());
    if (dot > 0) hidden_.emplace_back(host.substr(0, dot));
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
}

}  // namespace hopblame
