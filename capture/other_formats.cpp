#include "capture/other_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hopblame {
namespace {

struct Known {
  std::string_view mark;  ///< the first bytes, or the end of the name
  std::string_view what;
};

constexpr std::array packed{
    Known{"BZh", "bunzip2"},
    Known{"\xfd"
          "7zXZ",
          "unxz"},
    Known{"\x04\x22\x4d\x18", "unlz4"},
    Known{"PK\x03\x04", "unzip"},
};

/// Wireshark's editcap reads them.
constexpr std::array of_others{
    Known{"snoop", "snoop (Solaris, Check Point's fw monitor)"},
    Known{"GMBU", "Microsoft Network Monitor"},
    Known{"RTSS", "Microsoft Network Monitor"},
    Known{"TRSNIFF data", "Sniffer"},
    Known{"XCP", "Sniffer"},
    Known{"ObserverPkt", "Observer"},
    Known{"\x05VNF", "Visual Networks"},
};

/// Only their names tell.
constexpr std::array by_name{
    Known{".etl",
          "an event trace of Windows; make a capture of it with: pktmon etl2pcap FILE (of "
          "netsh trace: etl2pcapng FILE OUT)"},
    Known{".tar", "an archive; take the capture out of it with: tar xf FILE"},
    Known{".tar.gz", "an archive; take the capture out of it with: tar xzf FILE"},
    Known{".tgz", "an archive; take the capture out of it with: tar xzf FILE"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "22:13:20.00", or "2026-11-20 2".
bool begins_with_time(std::string_view start) {
  constexpr std::string_view clock = "00:00:00.0", day = "0000-00-00 0", seconds = "0000000000.0";
  const auto has_form = [&](std::string_view form) {
    return start.size() >= form.size() &&
           std::equal(form.begin(), form.end(), start.begin(), [](char wanted, char c) {
             return wanted == '0' ? is_digit(c) : wanted == c;
           });
  };
  return has_form(clock) || has_form(day) || has_form(seconds);
}

}  // namespace

std::string known_as(std::string_view name, std::string_view start) {
  for (const auto& [mark, what] : by_name)
    if (name.ends_with(mark)) return std::string(what);
  for (const auto& [mark, program] : packed)
    if (start.starts_with(mark))
      return fmt::format("it is packed; unpack it first, with {}", program);
  for (const auto& [mark, what] : of_others)
    if (start.starts_with(mark))
      return fmt::format(
          "it is in the format of {}; make a capture of it with: editcap -F pcapng "
          "FILE OUT",
          what);
  if (begins_with_time(start))
    return "it is text, as tcpdump prints it; the packets themselves are needed: record with "
           "tcpdump -w FILE";
  return {};
}

}  // namespace hopblame
