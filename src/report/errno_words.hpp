#pragma once
// errno numbers as words. A table of our own: strerror() depends on the locale.

#include <string>

namespace hopblame {

[[nodiscard]] std::string errno_name(int error);  ///< "ECONNREFUSED"; an unknown one is "errno 999"
[[nodiscard]] std::string errno_text(int error);  ///< "Connection refused", as glibc says it in C

}  // namespace hopblame
