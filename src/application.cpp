#include "src/application.hpp"

#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>

#include "analysis/model/services.hpp"

namespace hopblame {
namespace {

constexpr std::size_t greeting_limit = 512;
/// A peer that never stops talking is not listened to for longer than this.
constexpr std::size_t hearing_limit = 64 * 1024;
/// Our largest segment fills the packets of this path, up to jumbo frames.
constexpr std::size_t largest_segment = 9000, usual_segment = 1460;

bool expects_ssh(const Endpoint& target) {
  const auto service = known_service(target.port);
  return service && service->name == "ssh";
}

bool is_connected(int socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

std::string random_cookie() {
  std::random_device random;
  std::string cookie(16, '\0');
  std::generate(cookie.begin(), cookie.end(), [&] { return static_cast<char>(random()); });
  return cookie;
}

}  // namespace

RealConnect::RealConnect(BoundSocket socket, const Endpoint& target, std::string zone,
                         LiveSource* wake, const RunClock& clock)
    : socket_(std::move(socket)),
      target_(target),
      zone_(std::move(zone)),
      wake_(wake),
      clock_(clock),
      opening_(expects_ssh(target), random_cookie()) {}

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
  record_->ssh = opening_.record();
  const int at_once = 1;  // each piece we say is a segment of its own
  setsockopt(socket_.fd.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  const SocketAddress to(target_, zone_);
  const int error = connect(socket_.fd.get(), to.get(), to.length) == 0 ? 0 : errno;
  record_->flow.source = socket_.chosen();
  if (error == EINPROGRESS) return watch(POLLOUT);
  record_->error = error;
  record_->ended = clock_.now();
  if (error == 0) watch(POLLIN);
}

/// The port stays ours: a stranger on it would look like this connect().
void RealConnect::hang_up() {
  attend();
  if (!record_ || record_->ended || record_->hung_up) return;
  const sockaddr nobody{AF_UNSPEC, {}};
  connect(socket_.fd.get(), &nobody, sizeof nobody);
  record_->hung_up = clock_.now();
  watch(0);
}

void RealConnect::attend() {
  if (!record_ || record_->closed || record_->hung_up) return;
  if (!record_->ended) finish_connecting();
  if (!record_->ended || record_->error != 0) return;
  read_greeting();
  speak();
  record_->ssh = opening_.record();
}

void RealConnect::finish_connecting() {
  pollfd ready{socket_.fd.get(), POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return;
  socklen_t size = sizeof record_->error;
  getsockopt(socket_.fd.get(), SOL_SOCKET, SO_ERROR, &record_->error, &size);
  // SO_ERROR tells of ICMP messages about what followed the handshake as well; connect() does not.
  if (record_->error != 0 && is_connected(socket_.fd.get())) record_->error = 0;
  record_->ended = clock_.now();
  watch(record_->error == 0 ? POLLIN : 0);
}

void RealConnect::hear(std::string_view bytes) {
  const auto now = clock_.now();
  if (!record_->spoke) record_->spoke = now;
  heard_ += bytes.size();
  const auto text = bytes.substr(0, opening_.hear(bytes, now));
  record_->greeting += text.substr(0, greeting_limit - record_->greeting.size());
}

std::size_t RealConnect::segment_size() const {
  int size = 0;
  socklen_t length = sizeof size;
  getsockopt(socket_.fd.get(), IPPROTO_TCP, TCP_MAXSEG, &size, &length);
  return size > 0 ? std::min(static_cast<std::size_t>(size), largest_segment) : usual_segment;
}

/// What ended the connection since is told once, to whoever asks the stack first: here a RST as
/// ECONNRESET, or EPIPE after the peer's FIN.
void RealConnect::speak() {
  while (!record_->closed) {
    const auto now = clock_.now();
    const auto words = opening_.next(*record_->ended, now, segment_size());
    if (words.empty()) return;
    const auto sent =
        send(socket_.fd.get(), words.data(), words.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) close(errno == EPIPE ? ECONNRESET : errno);
      return;
    }
    opening_.said(static_cast<std::size_t>(sent), now);
  }
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
