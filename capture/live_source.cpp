#include "capture/live_source.hpp"

#include <algorithm>
#include <utility>

#include "capture/interfaces.hpp"

namespace hopblame {
namespace {

/// How long to look away after a failed read, so that a dead interface cannot make us spin.
constexpr Duration after_loss = std::chrono::milliseconds(20);

timespec to_timespec(Duration span) {
  span = std::max(span, Duration::zero());
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span);
  return {whole.count(), (span - whole).count()};
}

}  // namespace

std::variant<std::unique_ptr<LiveSource>, SystemError> LiveSource::open(const Vantage& vantage,
                                                                        const CaptureScope& scope,
                                                                        RunClock& clock) {
  auto handle = PcapHandle::open(vantage.interface, capture_filter(scope));
  if (auto* error = std::get_if<SystemError>(&handle)) return *error;
  // Without it a run is what it is where there is no other interface.
  std::optional<PcapHandle> elsewhere;
  if (!vantage.elsewhere.empty()) {
    auto opened = PcapHandle::open_elsewhere(filter_elsewhere(scope, vantage.elsewhere));
    if (auto* other = std::get_if<PcapHandle>(&opened)) elsewhere = std::move(*other);
  }
  return std::unique_ptr<LiveSource>(new LiveSource(std::move(std::get<PcapHandle>(handle)),
                                                    std::move(elsewhere), vantage, clock));
}

LiveSource::LiveSource(PcapHandle handle, std::optional<PcapHandle> elsewhere,
                       const Vantage& vantage, RunClock& clock)
    : main_{std::move(handle)}, clock_(clock), watched_{{main_.handle.fd(), POLLIN, 0}} {
  if (elsewhere) {
    elsewhere_ = Tap{std::move(*elsewhere)};
    watched_.push_back({elsewhere_->handle.fd(), POLLIN, 0});
  }
  facts_.vantage = vantage;
  facts_.started = clock_.now();
}

void LiveSource::forget(int fd) {
  std::erase_if(watched_, [fd](const pollfd& entry) { return entry.fd == fd; });
}

bool LiveSource::Tap::look() {
  if (next) return true;
  const auto got = handle.read();
  if (const auto* packet = std::get_if<PcapHandle::Packet>(&got)) next = *packet;
  return !std::holds_alternative<PcapHandle::Lost>(got);
}

Frame LiveSource::give(Tap& tap) {
  const auto packet = *std::exchange(tap.next, std::nullopt);
  return {{++frames_},
          clock_.from_stamp(packet.stamp, read_clocks()),
          tap.handle.link_type(),
          packet.length,
          packet.bytes};
}

/// Another interface that goes away is no loss of this one.
bool LiveSource::look_elsewhere() {
  if (!elsewhere_) return false;
  [[maybe_unused]] const bool readable = elsewhere_->look();
  return elsewhere_->next.has_value();
}

bool LiveSource::wait(Duration span) {
  const auto limit = to_timespec(span);
  if (ppoll(watched_.data(), watched_.size(), &limit, nullptr) <= 0) return false;
  // ENETDOWN, which libpcap keeps to itself: it waits for the interface to come back.
  if ((watched_.front().revents & POLLERR) != 0) facts_.interface_lost = true;
  return std::ranges::any_of(others(), [](const pollfd& entry) { return entry.revents != 0; });
}

PacketEvent LiveSource::lost() {
  facts_.interface_lost = true;
  if (!interface_exists(facts_.vantage.interface)) return End{"the interface is gone"};
  const auto pause = to_timespec(after_loss);
  ppoll(others().data(), others().size(), &pause, nullptr);
  return Tick{clock_.now()};
}

// First the answers, then what left before them: a reply never comes before its question.
PacketEvent LiveSource::next(TimePoint deadline) {
  for (bool woken = false;;) {
    const bool answered = look_elsewhere();
    if (!main_.look()) return lost();
    if (answered && !(main_.next && main_.next->stamp < elsewhere_->next->stamp))
      return give(*elsewhere_);
    if (main_.next) return give(main_);
    const auto now = clock_.now();
    if (woken || now >= deadline) return Tick{now};
    woken = wait(deadline - now);
  }
}

CaptureFacts LiveSource::facts() const {
  auto facts = facts_;
  facts.horizon = clock_.now();
  facts.dropped = main_.handle.drops() + (elsewhere_ ? elsewhere_->handle.drops() : 0);
  facts.clock_stepped = clock_.stepped();
  return facts;
}

}  // namespace hopblame
