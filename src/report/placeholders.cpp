#include "src/report/placeholders.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

constexpr std::array<std::pair<std::string_view, std::string Facts::*>, 12> values{{
    {"{address}", &Facts::address},
    {"{host}", &Facts::host},
    {"{port}", &Facts::port},
    {"{source}", &Facts::source},
    {"{client}", &Facts::client},
    {"{from}", &Facts::from},
    {"{interface}", &Facts::interface},
    {"{device}", &Facts::device},
    {"{culprit}", &Facts::culprit},
    {"{iptables}", &Facts::iptables},
    {"{aws}", &Facts::aws_filter},
    {"{gateway}", &Facts::gateway},
}};

/// RFC 1918, RFC 6598 and RFC 4193: addresses that a NAT is likely to hide.
bool is_private(const IpAddress& address) {
  const auto& b = address.bytes;
  if (address.family == Family::ipv6) return (b[0] & 0xfe) == 0xfc;
  return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
         (b[0] == 100 && (b[1] & 0xc0) == 64);
}

std::string aws_filter(const IpAddress& address) {
  if (address.family == Family::ipv6) return "ipv6-addresses.ipv6-address";
  return is_private(address) ? "addresses.private-ip-address" : "association.public-ip";
}

std::string address_or(const std::optional<IpAddress>& address, std::string_view otherwise) {
  return address ? to_string(*address) : std::string(otherwise);
}

/// The blamed interval without the destination: what a network team can look at.
Where path_part(const Analysis& analysis) {
  Where where = analysis.verdict.culprit.where;
  if (where.kind == CulpritKind::none && !analysis.verdict.explanations.empty())
    where = analysis.verdict.explanations.front().where;
  const auto& end = analysis.path.distance.destination;
  const bool names_nobody =
      where.kind == CulpritKind::between || where.kind == CulpritKind::unknown;
  if (names_nobody && end && where.last_hop && where.first_hop && *where.last_hop >= *end &&
      *where.first_hop < *end)
    where.last_hop = static_cast<std::uint8_t>(*end - 1);
  return where;
}

/// The address of the culprit, or of the first hop of its interval that has one.
std::string culprit_address(const Analysis& analysis) {
  const Where& where = analysis.verdict.culprit.where;
  if (where.address) return to_string(*where.address);
  for (const Hop& hop : analysis.path.hops)
    if (where.first_hop && hop.distance == *where.first_hop && !hop.responders.empty())
      return to_string(hop.responders.front().address);
  return "the last hop that answers";
}

}  // namespace

bool hides_source(const Run& run) {
  const auto& local = run.facts.vantage.local;
  return !local.is_unspecified() && is_private(local) && !is_private(run.goal.target.address);
}

Facts facts_of(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  const Vantage& vantage = input.run.facts.vantage;
  const bool known = !vantage.local.is_unspecified();
  Facts facts;
  facts.address = to_string(goal.target.address);
  facts.host = shell_word(Untrusted(goal.host), facts.address);
  facts.port = std::to_string(goal.target.port);
  facts.client = to_string(vantage.local);
  facts.source = known ? facts.client : "SOURCE";
  facts.nat = hides_source(input.run);
  if (known && !facts.nat) facts.from = "host " + facts.source + " and ";
  facts.interface = shell_word(Untrusted(vantage.interface), "any");
  facts.device = device_text(path_part(input.analysis), input.analysis.path);
  facts.culprit = culprit_address(input.analysis);
  facts.iptables = goal.target.address.family == Family::ipv6 ? "ip6tables" : "iptables";
  facts.aws_filter = aws_filter(goal.target.address);
  facts.gateway = address_or(vantage.gateway, facts.address);
  return facts;
}

Facts generic_facts() {
  Facts facts;
  facts.address = "ADDRESS";
  facts.host = "HOST";
  facts.port = "PORT";
  facts.source = facts.client = "SOURCE";
  facts.from = "host SOURCE and ";
  facts.interface = "INTERFACE";
  facts.device = "the device that is blamed";
  facts.culprit = "the last hop that answers";
  facts.iptables = "iptables";
  facts.aws_filter = "association.public-ip";
  facts.gateway = "GATEWAY";
  return facts;
}

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces(1);
  for (;;) {
    const auto brace = std::min(text.find('{'), text.size());
    pieces.back().text += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.empty()) return pieces;
    const auto found = std::ranges::find_if(
        values, [&](const auto& value) { return text.starts_with(value.first); });
    const bool known = found != values.end();
    if (known) {
      pieces.back().value = found->second;
      pieces.emplace_back();
    } else {
      pieces.back().text += '{';
    }
    text.remove_prefix(known ? found->first.size() : 1);
  }
}

std::string fill(std::string_view text, const Facts& facts) {
  std::string out;
  for (const auto& piece : pieces_of(text)) {
    out += piece.text;
    if (piece.value) out += facts.*piece.value;
  }
  return out;
}

}  // namespace hopblame
