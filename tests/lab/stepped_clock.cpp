// The wall clock, set while hopblame runs. CLOCK_REALTIME has no namespace and this machine's must
// be left alone, so these stand between the program and the calls that tell it (ld --wrap): from
// 0.6 s after the first look on, clock and stamps are HOPBLAME_STEP seconds ahead of the truth.
#include <pcap/pcap.h>

#include <cstdlib>
#include <ctime>

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): the names ld gives them
int __real_clock_gettime(clockid_t clock, timespec* now);
int __real_pcap_next_ex(pcap_t* handle, pcap_pkthdr** header, const u_char** bytes);
int __wrap_clock_gettime(clockid_t clock, timespec* now);
int __wrap_pcap_next_ex(pcap_t* handle, pcap_pkthdr** header, const u_char** bytes);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace {

constexpr long long second = 1'000'000'000, until_step = 600'000'000;

long long moment_of_step() {
  static const long long at = [] {
    timespec now{};
    __real_clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * second + now.tv_nsec + until_step;
  }();
  return at;
}

time_t ahead(long long truth) {
  static const char* const step = std::getenv("HOPBLAME_STEP");
  return step != nullptr && truth >= moment_of_step() ? std::strtol(step, nullptr, 10) : 0;
}

}  // namespace

int __wrap_clock_gettime(clockid_t clock, timespec* now) {
  const int status = __real_clock_gettime(clock, now);
  if (clock == CLOCK_REALTIME) now->tv_sec += ahead(now->tv_sec * second + now->tv_nsec);
  return status;
}

/// The stamps are in nanoseconds: hopblame asks for those.
int __wrap_pcap_next_ex(pcap_t* handle, pcap_pkthdr** header, const u_char** bytes) {
  const int status = __real_pcap_next_ex(handle, header, bytes);
  if (status == 1) {
    auto& stamp = (*header)->ts;
    stamp.tv_sec += ahead(stamp.tv_sec * second + stamp.tv_usec);
  }
  return status;
}
