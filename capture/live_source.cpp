#include "capture/live_source.hpp"

#include <algorithm>

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
                                                                        const std::string& filter,
                                                                        RunClock& clock) {
  auto handle = PcapHandle::open(vantage.interface, filter);
  if (auto* error = std::get_if<SystemError>(&handle)) return *error;
  return std::unique_ptr<LiveSource>(
      new LiveSource(std::move(std::get<PcapHandle>(handle)), vantage, clock));
}

LiveSource::LiveSource(PcapHandle handle, const Vantage& vantage, RunClock& clock)
    : handle_(std::move(handle)), clock_(clock), watched_{{handle_.fd(), POLLIN, 0}} {
  facts_.vantage = vantage;
  facts_.started = clock_.now();
}

void LiveSource::forget(int fd) {
  std::erase_if(watched_, [fd](const pollfd& entry) { return entry.fd == fd; });
}

Frame LiveSource::to_frame(const PcapHandle::Packet& packet) {
  return {{++frames_},
          clock_.from_stamp(packet.stamp, read_clocks()),
          handle_.link_type(),
          packet.length,
          packet.bytes};
}

bool LiveSource::wait(Duration span) {
  const auto limit = to_timespec(span);
  if (ppoll(watched_.data(), watched_.size(), &limit, nullptr) <= 0) return false;
  // ENETDOWN, which libpcap keeps to itself: it waits for the interface to come back.
  if ((watched_.front().revents & POLLERR) != 0) facts_.interface_lost = true;
  return std::any_of(watched_.begin() + 1, watched_.end(),
                     [](const pollfd& entry) { return entry.revents != 0; });
}

PacketEvent LiveSource::lost() {
  facts_.interface_lost = true;
  if (!interface_exists(facts_.vantage.interface)) return End{"the interface is gone"};
  const auto pause = to_timespec(after_loss);
  ppoll(watched_.data() + 1, watched_.size() - 1, &pause, nullptr);
  return Tick{clock_.now()};
}

PacketEvent LiveSource::next(TimePoint deadline) {
  for (bool woken = false;;) {
    const auto got = handle_.read();
    if (const auto* packet = std::get_if<PcapHandle::Packet>(&got)) return to_frame(*packet);
    if (std::holds_alternative<PcapHandle::Lost>(got)) return lost();
    const auto now = clock_.now();
    if (woken || now >= deadline) return Tick{now};
    woken = wait(deadline - now);
  }
}

CaptureFacts LiveSource::facts() const {
  auto facts = facts_;
  facts.horizon = clock_.now();
  facts.dropped = handle_.drops();
  facts.clock_stepped = clock_.stepped();
  return facts;
}

}  // namespace hopblame
