#pragma once
// What the user asked for, as plain values: the command line read and checked, nothing looked up.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/model/address.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

enum class Format : std::uint8_t { text, json, markdown, html };
enum class Colour : std::uint8_t { automatic, always, never };

struct OutputOptions {
  Format format = Format::text;
  Colour colour = Colour::automatic;
  std::optional<std::string> save;  ///< the ticket folder
  bool redact = false;
  std::string redact_key;  ///< a file; empty: a new key for every run
  bool force = false;      ///< replace the files of an older ticket
  bool operator==(const OutputOptions&) const = default;
};

struct ProbeOptions {
  std::string host;  ///< a name or an address, without port and brackets
  std::uint16_t port = 22;
  std::optional<Family> family;
  std::string interface;            ///< empty: what the routing table says
  std::optional<IpAddress> source;  ///< the same
  std::uint8_t max_hops = 30;
  std::uint8_t tries = 3;
  std::optional<Duration> patience;
  unsigned rate = 50;
  std::optional<std::uint16_t> control_port;
  bool handshake = true;
  bool unprivileged = false;  ///< connect() only, no raw socket, no capture
  bool numeric = false;
  bool dry_run = false;
  std::optional<IpAddress> rather;  ///< of a name's addresses this one first, if it is still one
  OutputOptions output;
  bool operator==(const ProbeOptions&) const = default;
};

struct ReadOptions {
  std::vector<std::string> files;  ///< "-": standard input
  std::string filter;              ///< pcap-filter(7); empty: every packet
  std::string target;              ///< HOST[:PORT] as typed; empty: every target
  std::optional<IpAddress> local;
  bool all = false;  ///< every target, not only the worst
  OutputOptions output;
  bool operator==(const ReadOptions&) const = default;
};

struct CompareOptions {
  std::string client, server;
  std::vector<std::string> more;  ///< where the captures are cut into files: all are named in order
  std::string target;             ///< HOST[:PORT] as typed; empty: the one that fares worst
  bool all = false;               ///< a line for each that both ends know, not one in full
  OutputOptions output;
  bool operator==(const CompareOptions&) const = default;
};

struct DemoOptions {
  std::string scenario = "r2-reset";
  Family family = Family::ipv4;
  bool list = false;
  OutputOptions output;
  bool operator==(const DemoOptions&) const = default;
};

struct WatchOptions {
  ProbeOptions probe;
  Duration interval = std::chrono::seconds(60);  ///< from one beginning to the next
  unsigned count = 0;                            ///< 0: until interrupted
  bool operator==(const WatchOptions&) const = default;
};

struct ExplainOptions {
  std::string word;
  Colour colour = Colour::automatic;
  bool operator==(const ExplainOptions&) const = default;
};

using Command = std::variant<ProbeOptions, ReadOptions, CompareOptions, DemoOptions, WatchOptions,
                             ExplainOptions>;

}  // namespace hopblame
