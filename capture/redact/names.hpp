#pragma once
// Names in what a service says of itself: "220 mail.example.com ESMTP" becomes
// "220 xxxx.xxxxxxx.xxx ESMTP". Length and protocol words stay, so the same things are recognised.

#include <span>
#include <string>

namespace hopblame {

/// `hidden`: words that must not stay either, in whatever case, unless the text would then be read
/// as another greeting or refusal.
[[nodiscard]] std::string without_names(std::string text, std::span<const std::string> hidden = {});

}  // namespace hopblame
