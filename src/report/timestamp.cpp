#include "src/report/timestamp.hpp"

#include <chrono>

namespace hopblame {
namespace {

/// So many digits, and what follows them.
char* put(char* at, unsigned count, std::uint32_t value, char then) {
  for (auto* digit = at + count; digit > at; value /= 10)
    *--digit = static_cast<char>('0' + value % 10);
  at[count] = then;
  return at + count + 1;
}

std::uint32_t number(auto part) { return static_cast<std::uint32_t>(part); }

}  // namespace

void append_timestamp(TextBuffer& out, TimePoint at) {
  using namespace std::chrono;
  constexpr std::size_t length = 30;
  const sys_time<Duration> moment(at.time_since_epoch());
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss<Duration> time(moment - day);
  auto* to = out.room(length);
  to = put(to, 4, number(static_cast<int>(date.year())), '-');  // 1677 to 2262: 64 bits, no more
  to = put(to, 2, static_cast<unsigned>(date.month()), '-');
  to = put(to, 2, static_cast<unsigned>(date.day()), 'T');
  to = put(to, 2, number(time.hours().count()), ':');
  to = put(to, 2, number(time.minutes().count()), ':');
  to = put(to, 2, number(time.seconds().count()), '.');
  out.written_to(put(to, 9, number(time.subseconds().count()), 'Z'));
}

std::string timestamp(TimePoint at) {
  TextBuffer out;
  append_timestamp(out, at);
  return std::string(out.text());
}

}  // namespace hopblame
