#include "src/report/first_looks.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "src/report/of_size.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

constexpr Advice tunnel_unheard[] = {
    {Reader::user,
     "On this machine: see whether the VPN (or the modem) of {interface} is connected, and whether "
     "anything is received by it. WireGuard tells when its other end was heard last.",
     "ip -s link show dev {interface}\nsudo wg show {interface}"},
};

constexpr Advice tunnel_mtu[] = {
    {Reader::user,
     "{interface} is a tunnel, PPP or modem link: see its MTU. Another network carries its "
     "packets, with some bytes more each; 1280 or less fits nearly everywhere.",
     "ip link show dev {interface}"},
};

constexpr Advice source_refused[] = {
    {Reader::user,
     "The message is about the source address {source}, not about the port: see which addresses "
     "this machine has, and try from another one of them (hopblame -s ADDRESS).",
     "ip address show dev {interface}"},
    {Reader::network,
     "See whether {source} is in a prefix that this line may use: one of another line, or of "
     "before a renumbering, is refused like this."},
};

constexpr Advice no_address[] = {
    {Reader::host,
     "On this machine: see whether {interface} has a global address of this family that is neither "
     "tentative nor dadfailed (another machine has the same one).",
     "ip address show dev {interface}"},
};

constexpr Advice other_source[] = {
    {Reader::user,
     "Try from the other address of {interface}. If that one is answered, nobody knows the way "
     "back to {source} (a renumbered prefix, or one of another line).",
     "hopblame {host} {port} -s {other_source}"},
};

constexpr Advice other_exit[] = {
    {Reader::user,
     "Try by {other_exit}, which leads to {address} as well. If that works, the fault lies behind "
     "the gateway of {interface}.",
     "hopblame {host} {port} -i {other_exit}"},
};

constexpr Advice nat64[] = {
    {Reader::network,
     "On the NAT64 (the translator for {address}, which stands for the IPv4 address {embedded}): "
     "has it a route to that one, may it be translated (private ones may not be, RFC 6052), and "
     "has the NAT64 addresses and ports left?",
     "ip route get {embedded}"},
};

/// Somebody beyond may have no way back to this machine.
bool may_lack_a_way_back(const Verdict& verdict) {
  return verdict.outcome == Outcome::dropped &&
         (lists(verdict.explanations, Mechanism::host_silent) ||
          lists(verdict.explanations, Mechanism::blackhole));
}

bool has_no_address(const ReportInput& input) {
  const auto& vantage = input.run.facts.vantage;
  return vantage.local.is_link_local() && !input.run.goal.target.address.is_link_local() &&
         lists(input.analysis.verdict.explanations, Mechanism::local_route);
}

void add_tunnel(const ReportInput& input, std::vector<FirstLook>& found) {
  const auto& verdict = input.analysis.verdict;
  if (verdict.outcome == Outcome::dropped &&
      lists(verdict.explanations, Mechanism::local_neighbour))
    found.push_back(FirstLook::tunnel_unheard);
  if (verdict.outcome == Outcome::silent_service && may_be_of_size(input) &&
      lists(verdict.explanations, Mechanism::data_blocked))
    found.push_back(FirstLook::tunnel_mtu);
}

}  // namespace

bool is_source_refused(const ReportInput& input) {
  const auto& icmp = input.analysis.icmp;
  return icmp && fails_to_connect(input.analysis.verdict.outcome) &&
         is_source_refused(icmp->from.family, icmp->type, icmp->code);
}

std::vector<FirstLook> first_looks(const ReportInput& input) {
  std::vector<FirstLook> found;
  if (is_foreign(input.run)) return found;
  const auto& verdict = input.analysis.verdict;
  const auto& vantage = input.run.facts.vantage;
  if (vantage.point_to_point) add_tunnel(input, found);
  const bool refused = is_source_refused(input);
  if (refused) found.push_back(FirstLook::source_refused);
  if (has_no_address(input)) found.push_back(FirstLook::no_address);
  if (refused || may_lack_a_way_back(verdict)) {
    if (!vantage.other_sources.empty()) found.push_back(FirstLook::other_source);
    if (!vantage.other_exits.empty()) found.push_back(FirstLook::other_exit);
  }
  const bool told = verdict.outcome == Outcome::unreachable;
  if (told && embedded_ipv4(input.run.goal.target.address)) found.push_back(FirstLook::nat64);
  return found;
}

std::span<const Advice> steps_of(FirstLook look) {
  switch (look) {
    case FirstLook::tunnel_unheard: return tunnel_unheard;
    case FirstLook::tunnel_mtu: return tunnel_mtu;
    case FirstLook::source_refused: return source_refused;
    case FirstLook::no_address: return no_address;
    case FirstLook::other_source: return other_source;
    case FirstLook::other_exit: return other_exit;
    case FirstLook::nat64: return nat64;
  }
  return {};
}

}  // namespace hopblame
