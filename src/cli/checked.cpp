#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "src/cli/as_connected.hpp"
#include "src/cli/host_port.hpp"
#include "src/cli/typed.hpp"

namespace hopblame {
namespace {

std::uint16_t checked_port(const std::string& what, const std::string& text) {
  if (const auto port = port_number(text)) return *port;
  throw Wrong{what + " must be a number from 1 to 65535 or a service name, not '" + text + "'"};
}

std::optional<IpAddress> checked_address(const std::string& what, const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto address = IpAddress::parse(text)) return address;
  throw Wrong{what + " must be an IPv4 or IPv6 address, not '" + text + "'"};
}

bool is_of_one_host(const IpAddress& address) {
  return !address.is_unspecified() && !address.is_multicast() &&
         address != IpAddress::v4(0xffffffff);
}

/// What no resolver needs to be asked about.
bool may_be_host(const std::string& text) {
  if (text.empty() || text.front() == '-' || text.find('/') != std::string::npos) return false;
  const auto zone = text.find('%');
  return text.find(':') == std::string::npos || IpAddress::parse(text.substr(0, zone));
}

void check_target(Typed& typed) {
  if (typed.host.find("://") != std::string::npos)
    throw Wrong{"HOST is a name or an address, without what stands before :// and after it"};
  if (const auto at = typed.host.rfind('@'); at != std::string::npos)
    throw Wrong{"HOST is a name or an address: leave out '" + typed.host.substr(0, at + 1) + "'"};
  const auto split = split_host_port(typed.host);
  if (!split || !may_be_host(split->host))
    throw Wrong{"HOST must be a name, an address, HOST:PORT or [V6]:PORT, not '" + typed.host +
                "'"};
  typed.probe.host = split->host;
  std::optional<std::uint16_t> port;
  for (const auto& text : {split->port, typed.port, typed.port_option}) {
    if (!text) continue;
    const auto number = checked_port("PORT", *text);
    if (port && *port != number)
      throw Wrong{"PORT was given twice: " + std::to_string(*port) + " and " + *text};
    port = number;
  }
  typed.probe.port = port.value_or(22);
}

/// `asks`: the option that wants this family; empty: -4 or -6.
void check_family(const std::string& host, std::optional<Family> family, std::string_view asks) {
  const auto address = IpAddress::parse(host);
  if (!address || !family) return;
  if (as_connected(*address).family != address->family)
    throw Wrong{fmt::format("{} stands for the IPv4 address {}: give that one with {}", host,
                            to_string(as_connected(*address)), asks.empty() ? "-4" : asks)};
  if (address->family == *family) return;
  const bool four = address->family == Family::ipv4;
  throw Wrong{fmt::format("{} is an IPv{} address, and {} asks for the other family", host,
                          four ? 4 : 6, asks.empty() ? (four ? "-6" : "-4") : asks)};
}

bool is_text_or_json(const OutputOptions& output) {
  return output.format == Format::text || output.format == Format::json;
}

Duration checked_patience(const std::string& text) {
  const double seconds = std::stod(text);
  if (!std::isfinite(seconds)) throw Wrong{"--patience must be a number of seconds"};
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

ProbeOptions checked_probe(Typed& typed) {
  check_target(typed);
  auto& probe = typed.probe;
  if (typed.ipv4) probe.family = Family::ipv4;
  if (typed.ipv6) probe.family = Family::ipv6;
  probe.source = checked_address("--source", typed.source);
  if (!typed.control_port.empty())
    probe.control_port = checked_port("--control-port", typed.control_port);
  if (probe.dry_run && !is_text_or_json(probe.output))
    throw Wrong{"--dry-run prints lines of text or JSON"};
  if (probe.unprivileged && probe.dry_run) throw Wrong{"--dry-run excludes --unprivileged"};
  if (probe.control_port == probe.port)
    throw Wrong{"--control-port must be another port than PORT"};
  if (probe.source && !is_of_one_host(*probe.source))
    throw Wrong{"--source must be the address of one machine, not '" + typed.source + "'"};
  if (probe.source && probe.family && probe.source->family != *probe.family)
    throw Wrong{"--source must be an address of the family that was asked for"};
  check_family(probe.host, probe.family, "");
  if (probe.source) check_family(probe.host, probe.source->family, "--source");
  if (!typed.patience.empty()) probe.patience = checked_patience(typed.patience);
  probe.handshake = !typed.no_handshake;
  return probe;
}

WatchOptions checked_watch(Typed& typed) {
  auto probe = checked_probe(typed);
  if (probe.dry_run) throw Wrong{"--dry-run is for probe; watch sends the same, again and again"};
  // A ticket for each probe: each needs a folder of its own.
  if (probe.output.save && !probe.output.save->ends_with('/')) *probe.output.save += '/';
  return {probe, std::chrono::seconds(typed.interval), typed.count};
}

OutputOptions checked_output(const Typed& typed) {
  static const std::map<std::string, Format> formats{{"text", Format::text},
                                                     {"json", Format::json},
                                                     {"md", Format::markdown},
                                                     {"html", Format::html}};
  static const std::map<std::string, Colour> colours{
      {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}};
  OutputOptions output;
  output.format = typed.json ? Format::json : formats.at(typed.format);
  output.colour = colours.at(typed.colour);
  if (typed.save && typed.save->empty()) throw Wrong{"--save needs the name of a folder"};
  output.save = typed.save;
  output.redact = typed.redact || !typed.redact_key.empty();
  output.redact_key = typed.redact_key;
  output.force = typed.force;
  return output;
}

}  // namespace

Command checked(const std::string& command, Typed& typed) {
  const auto output = checked_output(typed);
  typed.probe.output = typed.read.output = typed.compare.output = typed.demo.output = output;
  typed.explain.colour = output.colour;
  if (command == "read") {
    typed.read.local = checked_address("--local", typed.local);
    return typed.read;
  }
  if (command == "compare") return typed.compare;
  if (command == "demo") {
    if (typed.ipv6) typed.demo.family = Family::ipv6;
    if (typed.demo.list && !is_text_or_json(output))
      throw Wrong{"--list prints lines of text or JSON"};
    return typed.demo;
  }
  if (command == "explain") return typed.explain;
  if (command == "watch") return checked_watch(typed);
  return checked_probe(typed);
}

}  // namespace hopblame
