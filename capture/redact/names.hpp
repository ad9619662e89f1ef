#pragma once
// Names in what a service says of itself: "220 mail.example.com ESMTP" becomes
// "220 xxxx.xxxxxxx.xxx ESMTP". Length and protocol words stay, so the same things are recognised.

#include <string>

namespace hopblame {

[[nodiscard]] std::string without_names(std::string text);

}  // namespace hopblame
