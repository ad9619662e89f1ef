#include "capture/series.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace hopblame {
namespace {

/// Between two files of tcpdump nothing is lost: what comes later may be of another capture.
constexpr Duration seam = std::chrono::seconds(1);

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// A name as a tool gives it that begins a new file now and then. Numbers elsewhere in a name are
/// of hosts and interfaces (eth0.pcap, eth1.pcap).
struct Name {
  std::string series;                   ///< what all of them share; empty: no such tool's
  std::optional<std::uint32_t> number;  ///< of dumpcap's, in the order in which they were written
  std::string begun;                    ///< of dumpcap's: when, to the second
};

/// NAME_00001_20261129101500.pcapng
std::optional<Name> by_dumpcap(const std::filesystem::path& path) {
  const auto stem = path.stem().string();
  constexpr std::size_t time = 14, least = 5, most = 9;
  const auto ends = stem.rfind('_');
  const auto begins = ends == 0 ? ends : stem.rfind('_', ends - 1);
  if (begins == std::string::npos || begins == ends || stem.size() - ends - 1 != time) return {};
  const auto number = stem.substr(begins + 1, ends - begins - 1);
  const bool plain =
      std::ranges::all_of(number, is_digit) && std::ranges::all_of(stem.substr(ends + 1), is_digit);
  if (!plain || number.size() < least || number.size() > most) return {};
  return Name{
      (path.parent_path() / stem.substr(0, begins)).string() + "_#" + path.extension().string(),
      static_cast<std::uint32_t>(std::stoul(number)), stem.substr(ends + 1)};
}

/// tcpdump -C: x.pcap, x.pcap1, x.pcap2; with -W x.pcap00, x.pcap01.
Name by_tcpdump(const std::filesystem::path& path) {
  auto series = path.string();
  while (!series.empty() && is_digit(series.back())) series.pop_back();
  const auto extension = std::filesystem::path(series).extension();
  const bool known = extension == ".pcap" || extension == ".pcapng" || extension == ".cap";
  return {known ? series : "", {}, {}};
}

Name name_of(const std::string& path) {
  if (auto name = by_dumpcap(path)) return *std::move(name);
  return by_tcpdump(path);
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

/// Packets of several interfaces are written in another order than they came in, so that files
/// overlap: dumpcap's names know better.
void put_in_order(std::vector<std::string>& paths) {
  if (name_of(paths.front()).number) {
    std::ranges::stable_sort(paths, {}, [](const std::string& path) {
      auto name = name_of(path);
      return std::pair(std::move(name.begun), name.number);
    });
    return;
  }
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
    if (count == 0 && !ended_) {
      ended_ = !goes_on();
      if (!ended_) count = take_waiting(room);
    }
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

  /// dumpcap's numbers show that nothing was between two files, but for what damage may hide.
  [[nodiscard]] bool follows(const Frame& frame) const {
    const auto facts = now_->facts();
    if (frame.link_type != last_.link_type) return false;
    const auto one = name_of(paths_[files_ - 1]).number, other = name_of(paths_[files_]).number;
    if (one && other && !facts.truncated)
      return *other == *one + 1 && frame.at + seam >= facts.horizon;
    return frame.at >= facts.horizon && frame.at <= facts.horizon + seam;
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
  bool ended_ = false;
};

}  // namespace

std::vector<std::vector<std::string>> possible_series(const std::vector<std::string>& paths) {
  std::vector<std::vector<std::string>> all;
  for (const auto& path : paths) {
    const auto series = name_of(path).series;
    const bool alike = !all.empty() && !series.empty() && can_be_read_twice(path) &&
                       name_of(all.back().front()).series == series;
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
