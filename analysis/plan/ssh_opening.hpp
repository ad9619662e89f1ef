#pragma once
// The client's half of the first two exchanges of SSH, and no more (RFC 4253): identification
// strings (section 4.2), then one KEXINIT each way (section 7.1). Pure: fed with what comes, asked
// what to say. A box that acts on data, a path that swallows large packets and a server whose child
// dies show themselves here and not in the handshake.

#include <cstddef>
#include <string>
#include <string_view>

#include "analysis/model/facts.hpp"

namespace hopblame {

/// A server that has said nothing for this long after the handshake is spoken to all the same: an
/// acknowledgment, or none, tells a hung program from a path that carries no data.
inline constexpr Duration ssh_speaks_anyway = std::chrono::seconds(1);

/// The line that names us, CR and LF included.
[[nodiscard]] std::string ssh_identification();

/// Our KEXINIT as one binary packet, with common algorithms, so that a server logs no failed
/// negotiation. It is filled up with private language tags (which both sides may ignore) and with
/// padding, to at most `size` bytes: one full segment.
[[nodiscard]] std::string ssh_key_exchange(std::size_t size, std::string_view cookie);

class SshOpening {
 public:
  /// `expected`: on the port of ssh a silent peer is spoken to as well. `cookie`: 16 random bytes.
  SshOpening(bool expected, std::string_view cookie) : expected_(expected), cookie_(cookie) {}

  /// What came. Returns how much of it is text: binary packets are nobody's to keep.
  std::size_t hear(std::string_view bytes, TimePoint now);
  /// What to say next, to be given to the stack in one piece; empty: nothing.
  /// `segment`: the largest payload of one segment.
  [[nodiscard]] std::string next(TimePoint connected, TimePoint now, std::size_t segment) const;
  void said(std::size_t bytes, TimePoint now);
  /// Absent where SSH is neither expected nor spoken.
  [[nodiscard]] std::optional<SshRecord> record() const;

 private:
  void hear_text(char letter, TimePoint now);
  void hear_packet(char byte, TimePoint now);

  bool expected_;
  std::string cookie_;
  SshRecord record_;
  std::string line_;  ///< of the text that is not whole yet, as far as it matters
  unsigned pieces_said_ = 0;
  std::uint32_t packet_bytes_ = 0, packet_length_ = 0;
};

}  // namespace hopblame
