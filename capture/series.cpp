#include "capture/series.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace hopblame {
namespace {

/// Between two files nothing is lost that matters: what comes later than this might have been.
constexpr Duration seam = std::chrono::seconds(1);

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string without_digits(std::string text) {
  std::erase_if(text, is_digit);
  return text;
}

/// What dumpcap writes: NAME_00001_20261129101500.pcapng; nothing for other names.
std::optional<std::uint32_t> number_of_dumpcap(const std::string& path) {
  const auto stem = std::filesystem::path(path).stem().string();
  constexpr std::size_t time = 14, least = 5;
  const auto ends = stem.rfind('_');
  if (ends == std::string::npos || ends == 0 || stem.size() - ends - 1 != time) return {};
  const auto begins = stem.rfind('_', ends - 1);
  if (begins == std::string::npos) return {};
  const auto number = stem.substr(begins + 1, ends - begins - 1);
  const bool plain =
      std::ranges::all_of(number, is_digit) && std::ranges::all_of(stem.substr(ends + 1), is_digit);
  if (!plain || number.size() < least || number.size() > 9) return {};
  return static_cast<std::uint32_t>(std::stoul(number));
}

bool numbered_in_turn(const std::string& path, const std::string& next) {
  const auto one = number_of_dumpcap(path), other = number_of_dumpcap(next);
  return one && other && *other == *one + 1;
}

/// A pipe cannot be looked at beforehand (/dev/fd/63 is one).
bool can_be_read_twice(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// Of a file that cannot be read: the end of time, where the reason will be told.
TimePoint first_packet(const std::string& path) {
  const auto opened = open_file(path);
  if (std::holds_alternative<FileError>(opened)) return TimePoint::max();
  const auto event = std::get<std::unique_ptr<FileSource>>(opened)->next(TimePoint::max());
  const auto* frame = std::get_if<Frame>(&event);
  return frame ? frame->at : TimePoint::max();
}

void put_in_order(std::vector<std::string>& paths) {
  std::map<std::string, TimePoint> first;
  for (const auto& path : paths) first.emplace(path, first_packet(path));
  std::ranges::stable_sort(paths, {}, [&](const std::string& path) { return first.at(path); });
}

class Series final : public FileSource {
 public:
  Series(std::unique_ptr<FileSource> first, const std::vector<std::string>& paths)
      : now_(std::move(first)), paths_(paths) {}

  PacketEvent next(TimePoint deadline) override {
    Frame frame;
    if (next_frames(std::span(&frame, 1)) == 1) return frame;
    auto end = std::get<End>(now_->next(deadline));
    if (end.error.empty()) end.error = damage_;
    return end;
  }

  std::size_t next_frames(std::span<Frame> room) override {
    auto count = waiting_ ? take_waiting(room) : now_->next_frames(room);
    if (count == 0 && goes_on()) count = take_waiting(room);
    for (auto& frame : room.first(count)) frame.id = FrameId{frame.id.value + before_};
    if (count > 0) last_ = room[count - 1];
    return count;
  }

  CaptureFacts facts() const override { return whole(now_->facts()); }
  bool may_have_journal() const override { return now_->may_have_journal(); }
  std::optional<std::string> journal() const override {
    return files_ == 1 ? now_->journal() : std::nullopt;
  }
  bool has_both_ends() const override { return now_->has_both_ends(); }
  void show_end(CaptureEnd end) override { now_->show_end(end); }
  std::string_view comment() const override { return now_->comment(); }
  std::size_t files() const override { return files_; }

 private:
  std::size_t take_waiting(std::span<Frame> room) {
    room.front() = *std::exchange(waiting_, {});
    return 1;
  }

  /// A run of our own is one file, and so is a ticket.
  bool goes_on() {
    if (files_ == paths_.size() || now_->journal() || now_->has_both_ends()) return false;
    auto opened = open_file(paths_[files_]);
    if (std::holds_alternative<FileError>(opened)) return false;
    auto& source = std::get<std::unique_ptr<FileSource>>(opened);
    const auto event = source->next(TimePoint::max());
    const auto* frame = std::get_if<Frame>(&event);
    if (frame == nullptr || !follows(*frame) || source->has_both_ends()) return false;
    const auto end = now_->next(TimePoint::max());
    if (damage_.empty()) damage_ = std::get<End>(end).error;
    so_far_ = facts();
    before_ = last_.id.value;
    waiting_ = *frame;
    now_ = std::move(source);
    ++files_;
    return true;
  }

  [[nodiscard]] bool follows(const Frame& frame) const {
    const auto horizon = facts().horizon;
    const bool late =
        frame.at > horizon + seam && !numbered_in_turn(paths_[files_ - 1], paths_[files_]);
    return frame.link_type == last_.link_type && frame.at + seam >= horizon && !late;
  }

  [[nodiscard]] CaptureFacts whole(CaptureFacts facts) const {
    if (files_ == 1) return facts;
    facts.started = std::min(facts.started, so_far_.started);
    facts.horizon = std::max(facts.horizon, so_far_.horizon);
    facts.clock_stepped |= so_far_.clock_stepped;
    facts.truncated |= so_far_.truncated;
    facts.dropped += so_far_.dropped;
    return facts;
  }

  std::unique_ptr<FileSource> now_;
  std::vector<std::string> paths_;
  std::optional<Frame> waiting_;  ///< the first of this file, not yet shown
  Frame last_;                    ///< without its bytes: they are gone
  CaptureFacts so_far_;           ///< of the files before this one
  std::string damage_;
  std::uint64_t before_ = 0;  ///< packets in them
  std::size_t files_ = 1;
};

}  // namespace

std::vector<std::vector<std::string>> possible_series(const std::vector<std::string>& paths) {
  std::vector<std::vector<std::string>> all;
  for (const auto& path : paths) {
    const bool alike = !all.empty() && can_be_read_twice(path) &&
                       without_digits(all.back().front()) == without_digits(path);
    if (!alike) all.emplace_back();
    all.back().push_back(path);
  }
  for (auto& some : all)
    if (some.size() > 1) put_in_order(some);
  return all;
}

OpenedFile open_series(const std::vector<std::string>& paths) {
  auto opened = open_file(paths.front());
  if (std::holds_alternative<FileError>(opened)) return opened;
  return std::make_unique<Series>(std::get<std::unique_ptr<FileSource>>(std::move(opened)), paths);
}

}  // namespace hopblame
