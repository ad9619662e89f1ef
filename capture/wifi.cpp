#include "capture/wifi.hpp"

namespace hopblame {
namespace {

// IEEE 802.11-2020 section 9.2.4.1: frame control as a little-endian number.
constexpr unsigned type_mask = 0x000c, type_data = 0x0008, subtype_no_data = 0x0040,
                   subtype_qos = 0x0080, to_ds = 0x0100, from_ds = 0x0200, protected_ = 0x4000,
                   order = 0x8000;
constexpr unsigned qos_amsdu = 0x0080;

// www.radiotap.org: which field comes where follows from the presence bits.
constexpr std::uint32_t has_tsft = 1u << 0, has_flags = 1u << 1, another_word = 1u << 31;
constexpr unsigned flag_data_pad = 0x20;

constexpr std::size_t round_up(std::size_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}

WifiBody unreadable(const char* why) { return {{}, why}; }

WifiBody body(Bytes frame, bool padded_header) {
  Cursor in(frame, std::endian::little);
  const unsigned control = in.u16();
  in.skip(20);  // duration, three addresses
  const unsigned fragment = in.u16() & 0x0f;
  if ((control & (to_ds | from_ds)) == (to_ds | from_ds)) in.skip(6);
  unsigned qos = 0;
  if ((control & subtype_qos) != 0) {
    qos = in.u16();
    if ((control & order) != 0) in.skip(4);  // HT control
  }
  if (!in.ok()) return unreadable("802.11 header cut off");
  if ((control & type_mask) != type_data || (control & subtype_no_data) != 0)
    return unreadable("802.11 frame without data");
  if ((control & protected_) != 0) return unreadable("802.11 frame is encrypted");
  if (fragment != 0) return unreadable("802.11 fragment");
  if ((qos & qos_amsdu) != 0) return unreadable("802.11 aggregate (A-MSDU)");
  if (padded_header) {
    const std::size_t header = frame.size() - in.left();
    in.skip(round_up(header, 4) - header);
  }
  return {in.rest(), nullptr};
}

bool says_data_pad(Bytes header) {
  Cursor in(header, std::endian::little);
  in.skip(4);
  const std::uint32_t present = in.u32();
  for (std::uint32_t word = present; in.ok() && (word & another_word) != 0;) word = in.u32();
  if ((present & has_flags) == 0) return false;
  if ((present & has_tsft) != 0) {
    const std::size_t at = header.size() - in.left();
    in.skip(round_up(at, 8) - at + 8);
  }
  return (in.u8() & flag_data_pad) != 0;
}

}  // namespace

WifiBody wifi_body(Bytes frame) noexcept { return body(frame, false); }

WifiBody radiotap_body(Bytes frame) noexcept {
  Cursor in(frame, std::endian::little);
  in.skip(2);  // version, padding
  const std::size_t length = in.u16();
  if (!in.ok() || length < 8 || length > frame.size()) return unreadable("radiotap header cut off");
  return body(frame.subspan(length), says_data_pad(frame.first(length)));
}

}  // namespace hopblame
