#pragma once
// Fills the facts of a run into the texts and commands of the knowledge table.

#include <string>
#include <string_view>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

/// What {address}, {port}, ... stand for.
struct Facts {
  std::string address;       ///< {address} of the target
  std::string on_host;       ///< {on_host}: "On ADDRESS", or "On this machine"
  std::string works;         ///< {works}: another address of the same name, which connects
  std::string host;          ///< {host}: as typed where that is a plain word, else the address
  std::string port;          ///< {port}
  std::string source;        ///< {source}: our address
  std::string client;        ///< {client}: the same of a capture that somebody else made
  std::string from;          ///< {from}: "host SOURCE and ", empty when a NAT may hide the source
  std::string interface;     ///< {interface}: ours, as a shell word; "INTERFACE" when unknown
  std::string device;        ///< {device}: the culprit in words
  std::string culprit;       ///< {culprit}: its address, else that of the last device before it
  std::string iptables;      ///< {iptables}: iptables or ip6tables
  std::string ip;            ///< {ip}: ip, or ip -6 where it would show tables of IPv4
  std::string aws_filter;    ///< {aws}: filter name of an interface that has the address
  std::string gateway;       ///< {gateway}
  std::string other_source;  ///< {other_source}: another address of the interface
  std::string other_exit;    ///< {other_exit}: another interface with a gateway that leads there
  std::string embedded;      ///< {embedded}: the IPv4 address that a NAT64 makes of the target
  std::string full_ping;     ///< {full_ping}: what a ping holds that fills the largest packet
  std::string since;         ///< {since}: options of journalctl, for the time of the attempts
  bool nat = false;          ///< a private source talks to a public address
};

/// The user typed a name, not an address.
[[nodiscard]] bool is_named(const Goal& goal);

/// Of the other addresses of the name, the first that connects.
[[nodiscard]] std::optional<IpAddress> address_that_works(const Run& run);

/// A private source that talks to a public address: a NAT may hide it.
/// In the prefix that all NAT64 may use (RFC 6052 section 2.1).
[[nodiscard]] std::optional<IpAddress> embedded_ipv4(const IpAddress& address);
[[nodiscard]] bool hides_source(const Run& run);

/// To another machine: of itself a routing table does so only where it knows no better way.
[[nodiscard]] bool leaves_by_loopback(const Run& run);

[[nodiscard]] Facts facts_of(const ReportInput& input);
[[nodiscard]] Facts generic_facts();  ///< ADDRESS, PORT, ...: for `explain`

struct Placeholder {
  std::string_view name;  ///< "{address}"
  std::string Facts::*value;
  std::string (*in)(const ReportInput& input);
};

/// A part of a text, and what is filled in after it; nothing at its end.
struct Piece {
  std::string text;
  const Placeholder* then = nullptr;
};
[[nodiscard]] std::vector<Piece> pieces_of(std::string_view text);

[[nodiscard]] std::string fill(std::string_view text, const Facts& facts);

}  // namespace hopblame
