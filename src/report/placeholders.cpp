#include "src/report/placeholders.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "analysis/path/oversize.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

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

/// Where it answered, be it not known how far that is.
std::optional<std::uint8_t> end_of_path(const ReportInput& input) {
  const Path& path = input.analysis.path;
  if (path.distance.destination || path.hops.empty()) return path.distance.destination;
  const Hop& last = path.hops.back();
  const auto& target = input.run.goal.target.address;
  const bool met = std::ranges::count(last.responders, target) > 0;
  return met ? std::optional(last.distance) : std::nullopt;
}

/// The blamed interval without the destination: what a network team can look at.
Where path_part(const ReportInput& input) {
  const Analysis& analysis = input.analysis;
  Where where = analysis.verdict.culprit.where;
  if (where.kind == CulpritKind::none && !analysis.verdict.explanations.empty())
    where = analysis.verdict.explanations.front().where;
  const auto end = end_of_path(input);
  const bool names_nobody =
      where.kind == CulpritKind::between || where.kind == CulpritKind::unknown;
  if (names_nobody && where.first_hop == 0 && where.last_hop > 1) where.first_hop = 1;
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
      return to_string(hop.responders.front());
  return "the last hop that answers";
}

const IpAddress& target_of(const ReportInput& input) { return input.run.goal.target.address; }
const Vantage& vantage_of(const ReportInput& input) { return input.run.facts.vantage; }

std::string address(const ReportInput& input) { return to_string(target_of(input)); }

std::string host(const ReportInput& input) {
  return shell_word(Untrusted(input.run.goal.host), address(input));
}

std::string port(const ReportInput& input) { return std::to_string(input.run.goal.target.port); }

std::string client(const ReportInput& input) { return to_string(vantage_of(input).local); }

std::string source(const ReportInput& input) {
  return vantage_of(input).local.is_unspecified() ? "SOURCE" : client(input);
}

std::string from(const ReportInput& input) {
  if (vantage_of(input).local.is_unspecified() || hides_source(input.run)) return {};
  return "host " + client(input) + " and ";
}

/// The one we used, or the only one that is down.
std::string interface(const ReportInput& input) {
  const auto& vantage = vantage_of(input);
  const bool down = vantage.interface.empty() && vantage.down_interfaces.size() == 1;
  return shell_word(Untrusted(down ? vantage.down_interfaces.front() : vantage.interface),
                    "INTERFACE");
}

std::string on_host(const ReportInput& input) {
  auto text = vantage_of(input).target_is_local ? "On this machine" : "On " + address(input);
  const auto passes_on = [](const Explanation& one) {
    return one.mechanism == Mechanism::port_forward && one.rank == 1;
  };
  // Two captures show on which of the two the packets were.
  if (!input.both && std::ranges::any_of(input.analysis.verdict.explanations, passes_on))
    text += " and on the host behind it";
  return text;
}

std::string works(const ReportInput& input) {
  const auto other = address_that_works(input.run);
  return other ? to_string(*other) : "";
}

std::string device(const ReportInput& input) {
  return device_text(path_part(input), input.analysis.path);
}

std::string culprit(const ReportInput& input) { return culprit_address(input.analysis); }

std::string iptables(const ReportInput& input) {
  return target_of(input).family == Family::ipv6 ? "ip6tables" : "iptables";
}

std::string ip(const ReportInput& input) {
  return target_of(input).family == Family::ipv6 ? "ip -6" : "ip";
}

std::string aws(const ReportInput& input) { return aws_filter(target_of(input)); }

std::string gateway(const ReportInput& input) {
  return to_string(vantage_of(input).gateway.value_or(target_of(input)));
}

std::string other_source(const ReportInput& input) {
  const auto& others = vantage_of(input).other_sources;
  return others.empty() ? "" : to_string(others.front());
}

std::string other_exit(const ReportInput& input) {
  const auto& others = vantage_of(input).other_exits;
  return others.empty() ? "" : shell_word(Untrusted(others.front().name), "INTERFACE");
}

std::string embedded(const ReportInput& input) {
  const auto inner = embedded_ipv4(target_of(input));
  return inner ? to_string(*inner) : "";
}

std::string full_ping_of(const ReportInput& input) {
  return std::to_string(full_ping(target_of(input).family, vantage_of(input).mtu));
}

/// What led to it, as a ban, came before. A report may be read days later, and the server's clock
/// may differ a little. Seconds since 1970 are the same in every time zone (systemd.time(7)).
std::string since(const ReportInput& input) {
  constexpr std::chrono::minutes before{10}, after{2};
  const auto second = [](TimePoint at) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
  };
  return "--since @" + second(input.run.started - before) + " --until @" +
         second(input.run.ended + after);
}

constexpr Placeholder placeholders[] = {
    {"{address}", &Facts::address, address},
    {"{on_host}", &Facts::on_host, on_host},
    {"{works}", &Facts::works, works},
    {"{host}", &Facts::host, host},
    {"{port}", &Facts::port, port},
    {"{source}", &Facts::source, source},
    {"{client}", &Facts::client, client},
    {"{from}", &Facts::from, from},
    {"{interface}", &Facts::interface, interface},
    {"{device}", &Facts::device, device},
    {"{culprit}", &Facts::culprit, culprit},
    {"{iptables}", &Facts::iptables, iptables},
    {"{ip}", &Facts::ip, ip},
    {"{aws}", &Facts::aws_filter, aws},
    {"{gateway}", &Facts::gateway, gateway},
    {"{other_source}", &Facts::other_source, other_source},
    {"{other_exit}", &Facts::other_exit, other_exit},
    {"{embedded}", &Facts::embedded, embedded},
    {"{full_ping}", &Facts::full_ping, full_ping_of},
    {"{since}", &Facts::since, since},
};

}  // namespace

bool is_named(const Goal& goal) { return !goal.host.empty() && !IpAddress::parse(goal.host); }

std::optional<IpAddress> address_that_works(const Run& run) {
  for (const auto& other : run.others)
    if (other.error == 0) return other.address;
  return {};
}

std::optional<IpAddress> embedded_ipv4(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> well_known{0, 0x64, 0xff, 0x9b};
  const std::span bytes(address.bytes);
  if (address.family != Family::ipv6 || !std::ranges::equal(bytes.first<12>(), well_known))
    return {};
  return IpAddress::v4(bytes.last<4>());
}

bool hides_source(const Run& run) {
  const auto& local = run.facts.vantage.local;
  return !local.is_unspecified() && is_private(local) && !is_private(run.goal.target.address);
}

bool leaves_by_loopback(const Run& run) {
  return run.facts.vantage.interface == "lo" && !run.facts.vantage.target_is_local;
}

Facts facts_of(const ReportInput& input) {
  Facts facts;
  for (const auto& placeholder : placeholders) facts.*placeholder.value = placeholder.in(input);
  return facts;
}

Facts generic_facts() {
  Facts facts;
  facts.address = "ADDRESS";
  facts.on_host = "On ADDRESS";
  facts.works = "the one that works";
  facts.host = "HOST";
  facts.port = "PORT";
  facts.source = facts.client = "SOURCE";
  facts.from = "host SOURCE and ";
  facts.interface = "INTERFACE";
  facts.device = "the device that is blamed";
  facts.culprit = "the last hop that answers";
  facts.iptables = "iptables";
  facts.ip = "ip";
  facts.aws_filter = "association.public-ip";
  facts.gateway = "GATEWAY";
  facts.other_source = "OTHER_SOURCE";
  facts.other_exit = "OTHER_INTERFACE";
  facts.embedded = "IPV4_ADDRESS";
  facts.full_ping = std::to_string(full_ping(Family::ipv4));
  facts.since = "--since '10 minutes ago'";
  return facts;
}

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces(1);
  for (;;) {
    const auto brace = std::min(text.find('{'), text.size());
    pieces.back().text += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.empty()) return pieces;
    const auto* found = std::ranges::find_if(
        placeholders, [&](const auto& known) { return text.starts_with(known.name); });
    if (found == std::end(placeholders)) {
      pieces.back().text += '{';
      text.remove_prefix(1);
      continue;
    }
    pieces.back().then = found;
    pieces.emplace_back();
    text.remove_prefix(found->name.size());
  }
}

std::string fill(std::string_view text, const Facts& facts) {
  std::string out;
  for (const auto& piece : pieces_of(text)) {
    out += piece.text;
    if (piece.then) out += facts.*piece.then->value;
  }
  return out;
}

}  // namespace hopblame
