#include "src/offline/read_file.hpp"

#include <fmt/format.h>

#include <deque>
#include <random>

#include "capture/bpf.hpp"
#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/glance.hpp"
#include "capture/look_ahead.hpp"
#include "capture/pcapng/journal.hpp"
#include "capture/series.hpp"
#include "capture/tunnel.hpp"
#include "src/offline/spool.hpp"
#include "src/redact.hpp"
#include "src/report/untrusted.hpp"
#include "src/run_file.hpp"

namespace hopblame {
namespace {

/// A run of ours is about a hundred packets; its journal stands at the end of the file.
constexpr std::size_t longest_run = 16'384, largest_run = std::size_t{8} << 20;

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

class Reading {
 public:
  Reading(const ReadRequest& request, FileSource& source)
      : source_(source),
        path_(request.path),
        scrambler_(request.scrambler),
        filter_(request.filter),
        seed_(random_seed()),
        foreign_(std::make_unique<ForeignCapture>(seed_)),
        tracker_(
            limits_of(request), foreign_->book.trails(),
            [this](offline::TrailId attempt, TimePoint horizon) {
              foreign_->book.add(attempt, horizon);
            },
            [this](FrameId id) { return in_full(id); }),
        may_be_ours_(source.may_have_journal()) {}

  std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError> take() {
    read();
    if (auto recorded = own_run()) return std::move(*recorded);
    if (!filter_.error().empty()) return unfit_filter(path_, filter_);
    foreign_->facts = source_.facts();
    foreign_->both_ends = source_.has_both_ends();
    foreign_->files = source_.files();
    tracker_.finish(foreign_->facts.horizon);
    foreign_->book.settle();
    foreign_->counts = tracker_.counts();
    return std::move(foreign_);
  }

 private:
  offline::TrackerLimits limits_of(const ReadRequest& request) const {
    offline::TrackerLimits limits;
    limits.local = request.local;
    if (request.local && request.scrambler) limits.local = (*request.scrambler)(*request.local);
    limits.seed = seed_;
    return limits;
  }

  void read() {
    std::array<Frame, together> room;
    while (const auto count = source_.next_frames(room)) {
      const auto frames = std::span(room).first(count);
      if (may_be_ours_) keep(frames);
      see(frames);
      if (!may_be_ours_ && !filter_.error().empty()) return;
    }
    const auto event = source_.next(TimePoint::max());
    if (const auto* end = std::get_if<End>(&event)) foreign_->damage = end->error;
  }

  void see(std::span<const Frame> frames) {
    decoded_.clear();
    at_hand_ = frames;
    auto* seen = sightings_.data();
    const LookAhead ahead(frames);
    for (const auto& frame : frames) {
      ahead.at(frame);
      if (filter_.takes(frame)) look_at(frame, *seen++);
    }
    tracker_.observe({sightings_.data(), seen});
  }

  std::optional<Observation> in_full(FrameId id) const {
    const auto found = std::ranges::find(at_hand_, id, &Frame::id);
    if (found == at_hand_.end()) return {};
    const auto inner = out_of_tunnel(*found);
    return decode(inner ? *inner : *found);
  }

  void look_at(const Frame& frame, Sighting& seen) {
    const bool known = !scrambler_ && glance(frame, seen);
    if (known && seen.kind != Sighting::Kind::other)
      note(frame, seen);
    else if (const auto inner = out_of_tunnel(frame))
      look_closer(*inner, seen);
    else
      look_closer(frame, seen);
  }

  void look_closer(const Frame& frame, Sighting& seen) {
    if (!scrambler_ && glance(frame, seen)) return note(frame, seen);
    const auto& observation = decoded_.emplace_back(decode(shown(frame, scrambler_, room_)));
    foreign_->around.see(observation);
    seen = sighting_of(observation);
    if (seen.kind == Sighting::Kind::segment) look_at_length(frame, seen);
  }

  void note(const Frame& frame, const Sighting& seen) {
    if (seen.kind == Sighting::Kind::segment) return look_at_length(frame, seen);
    if (wants(seen)) foreign_->around.see(decode(frame));
  }

  /// Of ICMP errors a few are enough: the attempts know them.
  bool wants(const Sighting& seen) const {
    const auto& around = foreign_->around;
    return seen.kind == Sighting::Kind::error ? around.only_tcp() : around.wants_more();
  }

  /// A SYN that is cut lacks the end of its options.
  void look_at_length(const Frame& frame, const Sighting& seen) {
    const bool cut = frame.bytes.size() < frame.original_length;
    if (!cut || !seen.segment.is_syn()) return;
    if (seen.segment.payload == 0 && seen.segment.option_bytes > 0)
      foreign_->around.see_cut_options();
  }

  /// Until the end of the file this may be a run of ours.
  void keep(std::span<const Frame> frames) {
    for (const auto& frame : frames) {
      kept_bytes_ += frame.bytes.size();
      own_.frames.push_back(stored(frame));
      own_.run.observations.push_back(decode(frame));
    }
    may_be_ours_ = own_.frames.size() < longest_run && kept_bytes_ < largest_run;
    if (!may_be_ours_) own_ = {};
  }

  std::optional<Recorded> own_run() {
    const auto journal = may_be_ours_ ? source_.journal() : std::nullopt;
    auto run = journal ? read_journal(*journal) : std::nullopt;
    if (!run) return {};
    run->observations = std::move(own_.run.observations);
    if (source_.facts().truncated) run->facts.truncated = true;
    own_.run = *std::move(run);
    if (scrambler_) redact(own_, *scrambler_);
    return std::move(own_);
  }

  static constexpr std::size_t together = 64;

  FileSource& source_;
  const std::string& path_;
  const std::optional<Scrambler>& scrambler_;
  StoredFrame room_;
  PacketFilter filter_;
  std::uint64_t seed_;
  std::unique_ptr<ForeignCapture> foreign_;
  offline::Tracker tracker_;
  std::array<Sighting, together> sightings_;
  std::span<const Frame> at_hand_;
  std::deque<Observation> decoded_;  ///< of this batch: sightings point into them
  Recorded own_;
  bool may_be_ours_;
  std::size_t kept_bytes_ = 0;
};

OpenedFile opened_series(const ReadRequest& request) {
  std::vector<std::string> paths{request.path};
  paths.insert(paths.end(), request.more.begin(), request.more.end());
  return open_series(paths);
}

}  // namespace

FileError unfit_filter(const std::string& path, const PacketFilter& filter) {
  return {fmt::format("{}: --filter does not fit packets of its link type: {}",
                      path == "-" ? "standard input" : for_terminal(path), filter.error())};
}

OpenedFile open_request(const ReadRequest& request) {
  if (!request.more.empty()) return opened_series(request);
  if (request.path == "-") static_cast<void>(rewind_standard_input());  // a spooled one
  auto opened = open_file(request.path);
  auto* source = std::get_if<std::unique_ptr<FileSource>>(&opened);
  if (source && request.end) (*source)->show_end(*request.end);
  return opened;
}

std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError> read_file(
    const ReadRequest& request) {
  auto opened = open_request(request);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  return Reading(request, *std::get<std::unique_ptr<FileSource>>(opened)).take();
}

}  // namespace hopblame
