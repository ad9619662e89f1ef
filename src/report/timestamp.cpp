#include "src/report/timestamp.hpp"

#include <fmt/format.h>

#include <chrono>

namespace hopblame {

std::string timestamp(TimePoint at) {
  using namespace std::chrono;
  const sys_time<Duration> moment(at.time_since_epoch());
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss<Duration> time(moment - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

}  // namespace hopblame
