#include "capture/unpack.hpp"

#ifdef HOPBLAME_ZLIB
#include <zlib.h>
#endif
#ifdef HOPBLAME_ZSTD
#include <zstd.h>
#endif

namespace hopblame {
namespace {

constexpr std::size_t piece = std::size_t{64} << 10;
constexpr const char* no_room = "not enough memory to unpack it";

/// A capture of one packet repeated shrinks to about a two-hundredth; more, and more than 1 GiB of
/// it, is made to hurt.
constexpr std::uint64_t free_output = std::uint64_t{1} << 30;
constexpr std::uint64_t most_expansion = 250;

/// Packed bytes in pieces, and the sums that tell a bomb.
class Packed {
 public:
  explicit Packed(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)), room_(piece) {}

  [[nodiscard]] Bytes next() {
    const std::size_t count = stream_->read(room_);
    in_ += count;
    return Bytes(room_).first(count);
  }
  [[nodiscard]] bool too_much(std::size_t produced) {
    out_ += produced;
    return out_ > free_output && out_ / most_expansion > in_;
  }
  [[nodiscard]] std::string error() const { return stream_->error(); }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::vector<std::uint8_t> room_;
  std::uint64_t in_ = 0, out_ = 0;
};

#ifdef HOPBLAME_ZLIB
/// Several members after each other are one stream (RFC 1952 section 2.2).
class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(std::unique_ptr<ByteStream> packed) : packed_(std::move(packed)) {
    ready_ = inflateInit2(&state_, 16 + MAX_WBITS) == Z_OK;
    if (!ready_) error_ = no_room;
  }
  ~GzipStream() override { inflateEnd(&state_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::size_t read(std::span<std::uint8_t> room) override {
    state_.next_out = room.data();
    state_.avail_out = static_cast<uInt>(std::min(room.size(), piece));
    const uInt asked = state_.avail_out;
    while (ready_ && state_.avail_out == asked) step();
    const std::size_t produced = asked - state_.avail_out;
    if (packed_.too_much(produced)) stop("expands without measure");
    return produced;
  }

  std::string error() const override { return error_; }

 private:
  void step() {
    if (state_.avail_in == 0) refill();
    if (!ready_) return;
    const int result = inflate(&state_, Z_NO_FLUSH);
    within_member_ = result != Z_STREAM_END;
    if (result == Z_STREAM_END) inflateReset(&state_);
    if (result != Z_OK && result != Z_STREAM_END) stop("the gzip data is damaged");
  }

  void refill() {
    const Bytes next = packed_.next();
    state_.next_in = const_cast<Bytef*>(next.data());
    state_.avail_in = static_cast<uInt>(next.size());
    if (!next.empty()) return;
    ready_ = false;
    error_ = packed_.error();
    if (error_.empty() && within_member_) error_ = "the gzip data is cut short";
  }

  void stop(const char* why) {
    ready_ = false;
    error_ = why;
  }

  Packed packed_;
  z_stream state_{};
  bool ready_ = false, within_member_ = true;
  std::string error_;
};
#endif

#ifdef HOPBLAME_ZSTD
class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(std::unique_ptr<ByteStream> packed)
      : packed_(std::move(packed)), state_(ZSTD_createDStream()), ready_(state_ != nullptr) {
    if (!ready_) error_ = no_room;
  }
  ~ZstdStream() override { ZSTD_freeDStream(state_); }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  std::size_t read(std::span<std::uint8_t> room) override {
    ZSTD_outBuffer out{room.data(), std::min(room.size(), piece), 0};
    while (ready_ && out.pos == 0) step(out);
    if (packed_.too_much(out.pos)) stop("expands without measure");
    return out.pos;
  }

  std::string error() const override { return error_; }

 private:
  /// zstd may hold output back although the input is used up: ask it before reading on.
  void step(ZSTD_outBuffer& out) {
    if (in_.pos == in_.size && !holds_output_) refill();
    if (!ready_) return;
    const std::size_t left = ZSTD_decompressStream(state_, &out, &in_);
    if (ZSTD_isError(left) != 0) return stop("the zstd data is damaged");
    within_frame_ = left != 0;
    holds_output_ = out.pos == out.size;
  }

  void refill() {
    const Bytes next = packed_.next();
    in_ = {next.data(), next.size(), 0};
    if (!next.empty()) return;
    ready_ = false;
    error_ = packed_.error();
    if (error_.empty() && within_frame_) error_ = "the zstd data is cut short";
  }

  void stop(const char* why) {
    ready_ = false;
    error_ = why;
  }

  Packed packed_;
  ZSTD_DStream* state_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool ready_, within_frame_ = true, holds_output_ = false;
  std::string error_;
};
#endif

}  // namespace

Packing packing_of(Bytes start) {
  Cursor in(start);
  const std::uint32_t magic = in.u32();
  if (magic >> 16 == 0x1f8b) return Packing::gzip;
  return magic == 0x28b52ffd ? Packing::zstd : Packing::none;
}

std::unique_ptr<ByteStream> unpack(Packing packing, std::unique_ptr<ByteStream> packed) {
#ifdef HOPBLAME_ZLIB
  if (packing == Packing::gzip) return std::make_unique<GzipStream>(std::move(packed));
#endif
#ifdef HOPBLAME_ZSTD
  if (packing == Packing::zstd) return std::make_unique<ZstdStream>(std::move(packed));
#endif
  return packing == Packing::none ? std::move(packed) : nullptr;
}

}  // namespace hopblame
