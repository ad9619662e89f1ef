// A programmable link for the lab: joins two network namespaces by a pair of TAP devices and hands
// frames from one to the other with a delay each way, random loss from a seed, and a cap in packets
// per second.
//   lab-link NETNS NAME NETNS NAME [DELAY_MS [LOSS_PERCENT [SEED [PACKETS_PER_SECOND]]]]
// Prints a line when both devices are there and runs until it is killed. For kernels without netem.

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

struct Frame {
  Clock::time_point due;
  std::vector<char> bytes;
};

struct Settings {
  microseconds delay{0};
  double loss = 0;
  double packets_per_second = 0;  // 0: no cap
};

/// One direction. Frames wait in the order they came: the delay is the same for all.
struct Direction {
  int from = -1, to = -1;
  std::deque<Frame> waiting;
  double allowance = 1;
  Clock::time_point counted = Clock::now();
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(4);
}

/// The device lives in that namespace; its file descriptor works from anywhere.
int open_tap(const char* netns, const char* name) {
  const int space = open(netns, O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWNET) != 0) give_up(netns);
  close(space);
  const int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0) give_up("/dev/net/tun");
  return tap;
}

/// A token bucket that holds one second's worth at most.
bool within_cap(Direction& way, const Settings& settings, Clock::time_point now) {
  if (settings.packets_per_second <= 0) return true;
  const double passed = std::chrono::duration<double>(now - way.counted).count();
  way.counted = now;
  way.allowance = std::min(way.allowance + passed * settings.packets_per_second,
                           std::max(1.0, settings.packets_per_second));
  if (way.allowance < 1) return false;
  way.allowance -= 1;
  return true;
}

void take_in(Direction& way, const Settings& settings, std::mt19937& random) {
  std::array<char, 65536> buffer;
  for (ssize_t size; (size = read(way.from, buffer.data(), buffer.size())) > 0;) {
    const auto now = Clock::now();
    const bool lost = std::uniform_real_distribution<>(0, 100)(random) < settings.loss;
    if (!lost && within_cap(way, settings, now))
      way.waiting.push_back({now + settings.delay, {buffer.data(), buffer.data() + size}});
  }
}

/// A device that is not up yet refuses with EIO, as an unplugged cable would lose it.
void hand_out(Direction& way) {
  while (!way.waiting.empty() && way.waiting.front().due <= Clock::now()) {
    const auto& bytes = way.waiting.front().bytes;
    if (write(way.to, bytes.data(), bytes.size()) < 0 && errno != EIO) give_up("TAP device");
    way.waiting.pop_front();
  }
}

/// Until a frame comes or the next one is due.
void wait(std::array<Direction, 2>& ways) {
  auto left = std::chrono::nanoseconds(std::chrono::seconds(1));
  for (const auto& way : ways)
    if (!way.waiting.empty())
      left = std::min(left, std::chrono::nanoseconds(way.waiting.front().due - Clock::now()));
  const timespec timeout{0, std::clamp<long>(left.count(), 0, 999'999'999)};
  std::array<pollfd, 2> ready = {{{ways[0].from, POLLIN, 0}, {ways[1].from, POLLIN, 0}}};
  ppoll(ready.data(), ready.size(), &timeout, nullptr);
}

}  // namespace

int main(int count, char** words) {
  const auto number = [&](int at) { return count > at ? std::atof(words[at]) : 0.0; };
  if (count < 5) return std::fputs("lab-link NETNS NAME NETNS NAME [DELAY_MS ...]\n", stderr), 2;
  const Settings settings{microseconds(static_cast<long>(number(5) * 1000)), number(6), number(8)};
  std::mt19937 random(static_cast<unsigned>(number(7)));
  const int left = open_tap(words[1], words[2]);
  const int right = open_tap(words[3], words[4]);
  std::array<Direction, 2> ways;
  ways[0].from = ways[1].to = left;
  ways[0].to = ways[1].from = right;
  std::puts("link is there");
  std::fflush(stdout);
  while (true) {
    wait(ways);
    for (auto& way : ways) take_in(way, settings, random);
    for (auto& way : ways) hand_out(way);
  }
}
