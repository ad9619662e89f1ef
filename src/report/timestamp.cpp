#include "src/report/timestamp.hpp"

#include <chrono>

namespace hopblame {
namespace {

/// Over the `count` characters that end before `end`.
void put_digits(std::string& text, std::size_t end, unsigned count, std::int64_t value) {
  for (; count > 0; --count, value /= 10) text[--end] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string timestamp(TimePoint at) {
  using namespace std::chrono;
  const sys_time<Duration> moment(at.time_since_epoch());
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss<Duration> time(moment - day);
  std::string text = "0000-00-00T00:00:00.000000000Z";
  put_digits(text, 4, 4, static_cast<int>(date.year()));  // 1677 to 2262: 64 bits hold no more
  put_digits(text, 7, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 10, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 13, 2, time.hours().count());
  put_digits(text, 16, 2, time.minutes().count());
  put_digits(text, 19, 2, time.seconds().count());
  put_digits(text, 29, 9, time.subseconds().count());
  return text;
}

}  // namespace hopblame
