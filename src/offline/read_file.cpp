#include "src/offline/read_file.hpp"

#include <random>

#include "capture/bpf.hpp"
#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/pcapng/journal.hpp"
#include "src/redact.hpp"
#include "src/run_file.hpp"

namespace hopblame {
namespace {

/// A run of ours is about a hundred packets; its journal stands at the end of the file.
constexpr std::size_t longest_run = 16'384, largest_run = std::size_t{8} << 20;

class Reading {
 public:
  Reading(const ReadRequest& request, FileSource& source)
      : source_(source),
        scrambler_(request.scrambler),
        filter_(request.filter),
        tracker_(limits_of(request), [this](offline::Attempt&& attempt) {
          foreign_->book.add(std::move(attempt), now_);
        }) {}

  std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError> take() {
    read();
    if (auto recorded = own_run()) return std::move(*recorded);
    foreign_->facts = source_.facts();
    now_ = foreign_->facts.horizon;
    tracker_.finish();
    foreign_->book.settle();
    foreign_->counts = tracker_.counts();
    return std::move(foreign_);
  }

 private:
  static offline::TrackerLimits limits_of(const ReadRequest& request) {
    offline::TrackerLimits limits;
    limits.local = request.local;
    if (request.local && request.scrambler) limits.local = (*request.scrambler)(*request.local);
    limits.seed = std::random_device()();
    return limits;
  }

  void read() {
    for (;;) {
      const auto event = source_.next(TimePoint::max());
      if (const auto* frame = std::get_if<Frame>(&event)) see(*frame);
      if (const auto* end = std::get_if<End>(&event)) {
        foreign_->damage = end->error;
        return;
      }
    }
  }

  void see(const Frame& frame) {
    auto observation = decode(shown(frame, scrambler_, room_));
    now_ = std::max(now_, frame.at);
    if (filter_.takes(frame)) {
      if (const auto* message = std::get_if<NeighbourMessage>(&observation.message))
        foreign_->neighbours = foreign_->neighbours || message->answer;
      tracker_.observe(observation);
    }
    keep(frame, std::move(observation));
  }

  /// Until the end of the file this may be a run of ours.
  void keep(const Frame& frame, Observation observation) {
    if (!may_be_ours_) return;
    kept_bytes_ += frame.bytes.size();
    own_.run.observations.push_back(std::move(observation));
    own_.frames.push_back(stored(frame));
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

  FileSource& source_;
  const std::optional<Scrambler>& scrambler_;
  StoredFrame room_;
  PacketFilter filter_;
  std::unique_ptr<ForeignCapture> foreign_ = std::make_unique<ForeignCapture>();
  offline::Tracker tracker_;
  Recorded own_;
  bool may_be_ours_ = true;
  std::size_t kept_bytes_ = 0;
  TimePoint now_;
};

}  // namespace

std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError> read_file(
    const ReadRequest& request) {
  auto opened = open_file(request.path);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  return Reading(request, *std::get<std::unique_ptr<FileSource>>(opened)).take();
}

}  // namespace hopblame
