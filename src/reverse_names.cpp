#include "src/reverse_names.hpp"

#include <netdb.h>

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "capture/system.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

constexpr std::size_t most_look_ups = 40;

std::string name_of(const IpAddress& address) {
  const SocketAddress wanted({address, 0}, "");
  std::array<char, NI_MAXHOST> name{};
  const int status = getnameinfo(wanted.get(), wanted.length, name.data(),
                                 static_cast<socklen_t>(name.size()), nullptr, 0, NI_NAMEREQD);
  return status == 0 ? name.data() : std::string();
}

}  // namespace

struct ReverseNames::Board {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t pending = 0;
  std::map<IpAddress, std::string> names;

  void put(const IpAddress& address, std::string name) {
    const std::lock_guard lock(mutex);
    if (!name.empty()) names[address] = std::move(name);
    --pending;
    changed.notify_all();
  }
};

ReverseNames::ReverseNames() : board_(std::make_shared<Board>()) {}

void ReverseNames::ask(const IpAddress& address) {
  if (asked_.size() >= most_look_ups || !asked_.insert(address).second) return;
  {
    const std::lock_guard lock(board_->mutex);
    ++board_->pending;
  }
  try {
    // The thread inherits it: signals are for the one that writes the ticket.
    const SignalsWait wait;
    std::thread([board = board_, address] { board->put(address, name_of(address)); }).detach();
  } catch (const std::system_error&) {  // no more threads: no name
    board_->put(address, {});
  }
}

std::vector<std::pair<IpAddress, std::string>> ReverseNames::collect(
    Duration patience, const std::function<bool()>& stop) const {
  constexpr auto slice = std::chrono::milliseconds(50);  // a signal wakes no condition variable
  const auto until = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(board_->mutex);
  while (board_->pending != 0 && !stop() && std::chrono::steady_clock::now() < until)
    board_->changed.wait_for(lock, slice);
  return {board_->names.begin(), board_->names.end()};
}

}  // namespace hopblame
