#include "src/application.hpp"

#include <poll.h>

#include <array>
#include <cerrno>

namespace hopblame {
namespace {

constexpr std::size_t greeting_limit = 512;
/// A peer that never stops talking is not listened to for longer than this.
constexpr std::size_t hearing_limit = 64 * 1024;

}  // namespace

RealConnect::RealConnect(BoundSocket socket, const Endpoint& target, std::string zone,
                         LiveSource* wake, const RunClock& clock)
    : socket_(std::move(socket)),
      target_(target),
      zone_(std::move(zone)),
      wake_(wake),
      clock_(clock) {}

RealConnect::~RealConnect() { watch(0); }

void RealConnect::watch(short events) {
  if (wake_ == nullptr) return;
  wake_->forget(socket_.fd.get());
  if (events != 0) wake_->watch(socket_.fd.get(), events);
}

void RealConnect::call() {
  record_ = ConnectRecord{};
  record_->flow = {Transport::tcp, socket_.local, target_};
  record_->at = clock_.now();
  const SocketAddress to(target_, zone_);
  const int status = connect(socket_.fd.get(), to.get(), to.length);
  if (status != 0 && errno == EINPROGRESS) return watch(POLLOUT);
  record_->error = status == 0 ? 0 : errno;
  record_->ended = clock_.now();
  if (status == 0) watch(POLLIN);
}

void RealConnect::attend() {
  if (!record_ || record_->closed) return;
  if (!record_->ended) finish_connecting();
  if (record_->ended && record_->error == 0) read_greeting();
}

void RealConnect::finish_connecting() {
  pollfd ready{socket_.fd.get(), POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return;
  socklen_t size = sizeof record_->error;
  getsockopt(socket_.fd.get(), SOL_SOCKET, SO_ERROR, &record_->error, &size);
  record_->ended = clock_.now();
  watch(record_->error == 0 ? POLLIN : 0);
}

void RealConnect::hear(std::string_view text) {
  if (!record_->spoke) record_->spoke = clock_.now();
  heard_ += text.size();
  record_->greeting += text.substr(0, greeting_limit - record_->greeting.size());
}

void RealConnect::close(int error) {
  record_->closed = clock_.now();
  record_->close_error = error;
  watch(0);
}

void RealConnect::read_greeting() {
  std::array<char, 4096> buffer;
  while (!record_->closed && heard_ < hearing_limit) {
    const auto got = recv(socket_.fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0)
      hear({buffer.data(), static_cast<std::size_t>(got)});
    else if (got == 0)
      close(0);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      return;
    else if (errno != EINTR)
      close(errno);
  }
  if (heard_ >= hearing_limit) watch(0);
}

}  // namespace hopblame
