#include "capture/file_source.hpp"

#include <fmt/ranges.h>

#include "capture/other_formats.hpp"
#include "capture/pcap_reader.hpp"
#include "capture/pcapng/reader.hpp"
#include "capture/printable.hpp"
#include "capture/unpack.hpp"

namespace hopblame {
namespace {

constexpr std::size_t longest_magic = 12;
constexpr std::size_t file_piece = std::size_t{64} << 10, memory_piece = 4096;
constexpr std::size_t mapped_piece = std::size_t{1} << 20;

/// Interfaces may stamp a little out of order; a clock that was set goes back further.
constexpr Duration step_back = std::chrono::seconds(1);

template <class Reader>
class Source final : public FileSource {
 public:
  Source(Intake in, std::string name) : in_(std::move(in)), name_(std::move(name)) {}

  [[nodiscard]] bool begin() { return reader_.begin(in_); }

  PacketEvent next(TimePoint) override {
    Frame frame;
    if (!read(frame)) return end();
    return frame;
  }

  std::size_t next_frames(std::span<Frame> room) override {
    const auto count = ended_ ? 0 : reader_.take_at_hand(in_, room);
    if (count == 0 || is_broken()) return read(room.front()) ? 1 : 0;
    note(room.first(count));
    return count;
  }

  CaptureFacts facts() const override {
    CaptureFacts facts = facts_;
    facts.dropped = reader_.dropped();
    facts.truncated = reader_.damage() != nullptr || !in_.error().empty();
    return facts;
  }

  bool may_have_journal() const override { return Reader::may_have_journal; }

  std::optional<std::string> journal() const override {
    const std::string_view text = reader_.journal();
    return text.empty() ? std::nullopt : std::optional(std::string(text));
  }

  std::string_view comment() const override { return reader_.comment(); }
  bool has_both_ends() const override { return reader_.has_both_ends(); }
  void show_end(CaptureEnd end) override { reader_.show_end(end); }

 private:
  /// What was found just now may be zeros that stand for bytes that are gone.
  [[nodiscard]] bool is_broken() const { return !in_.error().empty(); }

  /// What follows a damaged record is not read.
  [[nodiscard]] bool read(Frame& frame) {
    ended_ = ended_ || !reader_.next(in_, frame) || is_broken();
    if (!ended_) note(std::span(&frame, 1));
    return !ended_;
  }

  /// Nearly all are in order.
  void note(std::span<const Frame> frames) {
    auto horizon = facts_.horizon;
    for (const auto& frame : frames)
      if (frame.at >= horizon && facts_.started != TimePoint{})
        horizon = frame.at;
      else
        note_odd(frame.at, horizon);
    facts_.horizon = horizon;
  }

  /// The first, or one that is late.
  void note_odd(TimePoint at, TimePoint& horizon) {
    if (facts_.started == TimePoint{}) facts_.started = horizon = at;
    facts_.clock_stepped |= at + step_back < horizon;
    facts_.started = std::min(facts_.started, at);
  }

  [[nodiscard]] End end() const {
    std::string why = in_.error();
    if (why.empty() && reader_.damage() != nullptr) why = reader_.damage();
    return End{why.empty() ? why : name_ + ": " + why};
  }

  Intake in_;
  Reader reader_;
  std::string name_;
  CaptureFacts facts_;
  bool ended_ = false;
};

template <class Reader>
OpenedFile opened_as(Intake in, const std::string& name) {
  auto source = std::make_unique<Source<Reader>>(std::move(in), name);
  if (source->begin()) return source;
  return FileError{name + ": a capture whose header is cut short or damaged"};
}

FileError not_a_capture(Intake& in, const std::string& name) {
  const Bytes start = in.peek(longest_magic);
  if (!in.error().empty()) return {name + ": " + in.error()};
  if (start.empty()) return {name + ": not a capture: it is empty"};
  const std::string text(start.begin(), start.end());
  if (const auto known = known_as(name, text); !known.empty())
    return {fmt::format("{}: not a capture that is read: {}", name, known)};
  return {fmt::format("{}: not a capture: it begins with {:02x} \"{}\"", name,
                      fmt::join(start, " "), printable(text))};
}

OpenedFile open_plain(Intake in, const std::string& name) {
  const Bytes start = in.peek(longest_magic);
  if (PcapReader::recognizes(start)) return opened_as<PcapReader>(std::move(in), name);
  if (pcapng::Reader::recognizes(start)) return opened_as<pcapng::Reader>(std::move(in), name);
  return not_a_capture(in, name);
}

/// The bytes that were looked at, put back before the rest.
class Rewound final : public ByteStream {
 public:
  explicit Rewound(Intake in) : in_(std::move(in)) {}
  std::size_t read(std::span<std::uint8_t> room) override {
    const Bytes some = in_.some(room.size());
    std::copy(some.begin(), some.end(), room.begin());
    return some.size();
  }
  std::string error() const override { return in_.error(); }

 private:
  Intake in_;
};

OpenedFile open_window(std::unique_ptr<ByteWindow> window, const std::string& name) {
  Intake in(std::move(window));
  const Packing packing = packing_of(in.peek(longest_magic));
  if (packing == Packing::none) return open_plain(std::move(in), name);
  auto plain = unpack(packing, std::make_unique<Rewound>(std::move(in)));
  if (plain == nullptr) return FileError{name + ": packed in a way this build cannot read"};
  return open_plain(Intake(buffered(std::move(plain), file_piece)), name);
}

}  // namespace

OpenedFile open_file(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : printable(path);
  if (auto window = path == "-" ? nullptr : mapped(path, mapped_piece))
    return open_window(std::move(window), name);
  auto opened = file_stream(path);
  if (auto* error = std::get_if<FileError>(&opened)) return std::move(*error);
  auto& stream = std::get<std::unique_ptr<ByteStream>>(opened);
  return open_window(buffered(std::move(stream), file_piece), name);
}

OpenedFile open_bytes(std::vector<std::uint8_t> bytes, const std::string& name) {
  return open_window(buffered(memory_stream(std::move(bytes)), memory_piece), printable(name));
}

}  // namespace hopblame
