#include "analysis/model/message.hpp"

#include <string_view>

namespace hopblame {

bool Unreadable::operator==(const Unreadable& other) const {
  return std::string_view(why) == other.why;
}

}  // namespace hopblame
