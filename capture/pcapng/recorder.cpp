#include "capture/pcapng/recorder.hpp"

#include <algorithm>
#include <bit>

#include "capture/pcapng/format.hpp"
#include "capture/printable.hpp"

namespace hopblame {
namespace {

using namespace pcapng;

constexpr std::uint32_t snap_length = 262144;

/// Everything is written in the byte order of this machine, as the format wants.
template <class Number>
void put(std::string& out, Number value) {
  out.append(std::bit_cast<std::array<char, sizeof value>>(value).data(), sizeof value);
}

void pad(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }

void put_padded(std::string& out, std::string_view bytes) {
  out += bytes;
  pad(out);
}

/// An option's length has 16 bits: what does not fit is cut.
void put_option(std::string& body, std::uint16_t code, std::string_view value) {
  value = value.substr(0, 0xfffc);
  put(body, code);
  put(body, static_cast<std::uint16_t>(value.size()));
  put_padded(body, value);
}

void end_options(std::string& body) { put_option(body, end_of_options, {}); }

void put_block(std::string& out, std::uint32_t type, std::string_view body) {
  const auto length = static_cast<std::uint32_t>(body.size() + 12);
  put(out, type);
  put(out, length);
  out += body;
  put(out, length);
}

constexpr std::string_view hardware() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "unknown";
#endif
}

void put_section(std::string& out, const std::string& comment_text) {
  std::string body;
  put(body, byte_order_magic);
  put(body, std::uint16_t{1});
  put(body, std::uint16_t{0});
  put(body, std::int64_t{-1});  // length of the section: not given
  if (!comment_text.empty()) put_option(body, comment, comment_text);
  put_option(body, section_hardware, hardware());
  put_option(body, section_os, "Linux");
  put_option(body, section_application, "hopblame");
  end_options(body);
  put_block(out, section_header, body);
}

void put_interface(std::string& out, int link_type, const std::string& name) {
  std::string body;
  put(body, static_cast<std::uint16_t>(link_type));
  put(body, std::uint16_t{0});
  put(body, snap_length);
  if (!name.empty()) put_option(body, interface_name, printable(name));
  put_option(body, interface_resolution, "\x09");  // nanoseconds
  end_options(body);
  put_block(out, interface_description, body);
}

constexpr std::size_t longest_name = 255;

/// An address and its name, which ends in a zero byte.
void put_name(std::string& body, const IpAddress& address, const std::string& name) {
  std::string value(reinterpret_cast<const char*>(address.octets().data()),
                    address.octets().size());
  value += printable(name.substr(0, longest_name));
  value += '\0';
  put_option(body, address.family == Family::ipv4 ? record_ipv4 : record_ipv6, value);
}

void put_names(std::string& out, const std::vector<std::pair<IpAddress, std::string>>& names) {
  if (names.empty()) return;
  std::string body;
  for (const auto& [address, name] : names) put_name(body, address, name);
  put_option(body, end_of_records, {});
  put_block(out, name_resolution, body);
}

void put_frame(std::string& out, const StoredFrame& frame, std::uint32_t interface) {
  const auto stamp =
      static_cast<std::uint64_t>(std::max<Duration::rep>(0, frame.at.time_since_epoch().count()));
  const auto captured = static_cast<std::uint32_t>(frame.bytes.size());
  std::string body;
  put(body, interface);
  put(body, static_cast<std::uint32_t>(stamp >> 32));
  put(body, static_cast<std::uint32_t>(stamp));
  put(body, captured);
  put(body, std::max(frame.original_length, captured));
  body.append(reinterpret_cast<const char*>(frame.bytes.data()), captured);
  pad(body);
  if (!frame.comment.empty()) {
    put_option(body, comment, frame.comment);
    end_options(body);
  }
  put_block(out, enhanced_packet, body);
}

void put_journal(std::string& out, std::string_view journal) {
  for (; !journal.empty(); journal.remove_prefix(std::min(journal.size(), journal_piece))) {
    const std::string_view piece = journal.substr(0, journal_piece);
    std::string body;
    put(body, enterprise_number);
    body += journal_magic;
    put(body, static_cast<std::uint32_t>(piece.size()));
    put_padded(body, piece);
    put_block(out, custom_block, body);
  }
}

/// One interface per link type, in order of first use. Readers want at least one.
std::vector<int> link_types(const Recording& recording) {
  std::vector<int> types;
  for (const StoredFrame& frame : recording.frames)
    if (std::find(types.begin(), types.end(), frame.link_type) == types.end())
      types.push_back(frame.link_type);
  if (types.empty()) types.push_back(1);
  return types;
}

}  // namespace

std::string to_pcapng(const Recording& recording) {
  std::string out;
  put_section(out, recording.section_comment);
  const std::vector<int> types = link_types(recording);
  for (const int type : types) put_interface(out, type, recording.interface);
  put_names(out, recording.names);
  for (const StoredFrame& frame : recording.frames) {
    const auto place = std::find(types.begin(), types.end(), frame.link_type) - types.begin();
    put_frame(out, frame, static_cast<std::uint32_t>(place));
  }
  put_journal(out, recording.journal);
  return out;
}

}  // namespace hopblame
