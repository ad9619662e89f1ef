#pragma once
// pcapng (draft-ietf-opsawg-pcapng): any number of sections, each with its byte order and its
// interfaces, each of these with its link type, snap length and clock.

#include <optional>
#include <string>
#include <vector>

#include "capture/ends.hpp"
#include "capture/frame.hpp"
#include "capture/intake.hpp"
#include "capture/pcapng/clock.hpp"

namespace hopblame::pcapng {

class Reader {
 public:
  static constexpr bool may_have_journal = true;
  [[nodiscard]] static bool recognizes(Bytes start);

  /// Reads the first section header; false when it is not one.
  [[nodiscard]] bool begin(Intake& in);
  /// The next frame; false at the end, orderly or not.
  [[nodiscard]] bool next(Intake& in, Frame& frame);
  /// Packets whose blocks are in memory already: frames given before stay valid. 0: ask next().
  [[nodiscard]] std::size_t take_at_hand(Intake& in, std::span<Frame> room);

  /// The first thing found wrong, a fixed text; null when nothing was.
  [[nodiscard]] const char* damage() const { return damage_; }
  /// Frames the capturing program says it lost.
  [[nodiscard]] std::uint64_t dropped() const;
  /// The text in our custom blocks so far.
  [[nodiscard]] std::string_view journal() const { return journal_; }
  /// The comment on the last frame; valid until the next call of next().
  [[nodiscard]] std::string_view comment() const;
  /// Two captures in one file, as `compare --save` writes it: every interface of the section is
  /// named "client" or "server". Elsewhere these are names like others.
  [[nodiscard]] bool has_both_ends() const {
    return is_ours_ && has_client_ && has_server_ && !has_other_;
  }
  /// Of such a file only this one's packets; "client" unless said.
  void show_end(CaptureEnd end) { end_ = end; }

 private:
  struct Interface {
    int link_type = link_ethernet;
    std::optional<CaptureEnd> end;
    std::uint32_t snap_length = 0;
    Clock clock;
    std::uint64_t dropped = 0;
  };
  struct Block {
    std::uint32_t type = 0;
    Bytes body;
  };

  [[nodiscard]] Cursor cursor(Bytes bytes) const { return Cursor(bytes, order_); }
  bool damaged(const char* what);
  [[nodiscard]] bool next_block(Intake& in, Block& block);
  [[nodiscard]] bool start_section(Bytes body);
  [[nodiscard]] bool add_interface(Bytes body);
  void add_statistics(Bytes body);
  void add_journal(Bytes body);
  [[nodiscard]] bool read_packet(const Block& block, Frame& frame);
  template <std::endian order>
  [[nodiscard]] std::size_t take_sound(Bytes rest, Frame& frame);
  template <std::endian order>
  [[nodiscard]] std::size_t take_in(Intake& in, std::span<Frame> room);
  [[nodiscard]] bool read_enhanced(Bytes body, Frame& frame);
  [[nodiscard]] bool read_obsolete(Bytes body, Frame& frame);
  [[nodiscard]] bool read_simple(Bytes body, Frame& frame);
  [[nodiscard]] bool read_stamped(Cursor in, std::size_t interface, Frame& frame);
  template <class Visit>
  void each_option(Cursor in, Visit visit) const;

  /// Of the other end than the one that is to be read.
  [[nodiscard]] bool is_hidden(std::size_t interface) const;

  std::endian order_ = std::endian::native;
  bool is_ours_ = false;  ///< this section, by the name of the application
  bool has_client_ = false, has_server_ = false, has_other_ = false;  ///< interfaces of these names
  CaptureEnd end_ = CaptureEnd::client;
  std::vector<Interface> interfaces_;
  std::uint64_t dropped_before_ = 0;  ///< in the sections that are over
  std::uint64_t count_ = 0;
  TimePoint last_;
  Bytes options_;  ///< of the last frame
  std::string journal_;
  const char* damage_ = nullptr;
};

}  // namespace hopblame::pcapng
