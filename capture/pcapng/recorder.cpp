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
  put_option(body, section_application, std::string(our_application));
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

struct Interface {
  int link_type = link_ethernet;
  std::optional<CaptureEnd> end;
  std::string name;  ///< empty: the recording's
  bool operator==(const Interface&) const = default;
};

Interface interface_of(const StoredFrame& frame) {
  return {frame.link_type, frame.end, frame.interface};
}

/// One interface per name, link type and end, in order of first use. Readers want at least one; of
/// two captures each has one, and both are known before the first packet.
std::vector<Interface> interfaces_of(const Recording& recording) {
  std::vector<Interface> found;
  const auto add = [&](const Interface& interface) {
    if (std::find(found.begin(), found.end(), interface) == found.end()) found.push_back(interface);
  };
  for (const StoredFrame& frame : recording.frames) add(interface_of(frame));
  if (found.empty()) add({});
  if (!found.front().end) return found;
  for (const auto end : {CaptureEnd::client, CaptureEnd::server})
    if (std::none_of(found.begin(), found.end(), [&](const auto& one) { return one.end == end; }))
      add({found.front().link_type, end, {}});
  return found;
}

std::string name_of(const Interface& interface, const Recording& recording) {
  if (!interface.name.empty()) return interface.name;
  if (!interface.end) return recording.interface;
  return std::string(*interface.end == CaptureEnd::client ? client_interface : server_interface);
}

}  // namespace

std::string to_pcapng(const Recording& recording) {
  std::string out;
  put_section(out, recording.section_comment);
  const auto interfaces = interfaces_of(recording);
  for (const auto& interface : interfaces)
    put_interface(out, interface.link_type, name_of(interface, recording));
  put_names(out, recording.names);
  for (const StoredFrame& frame : recording.frames) {
    const auto place =
        std::find(interfaces.begin(), interfaces.end(), interface_of(frame)) - interfaces.begin();
    put_frame(out, frame, static_cast<std::uint32_t>(place));
  }
  put_journal(out, recording.journal);
  return out;
}

}  // namespace hopblame
