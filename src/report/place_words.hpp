#pragma once
// Places in words, as the headline and the summary put them together.

#include "src/report/wording.hpp"

namespace hopblame {

/// "hop 2 (192.0.2.1)", "this machine"
[[nodiscard]] std::string hop_text(const Path& path, std::uint8_t distance);

/// "hop 2 (192.0.2.1) and hop 3 (no answer)", "hop 2 (192.0.2.1) to hop 4 (192.0.2.9)"
[[nodiscard]] std::string span_text(const Where& where, const Path& path);

/// Nobody can be named.
[[nodiscard]] bool is_place_only(const Where& where);

/// Whom an address stands for.
enum class Standing : std::uint8_t { itself, for_host_behind };

/// "refused by the router 198.51.100.77 (hop 3)", "dropped between hop 2 and hop 3"
[[nodiscard]] std::string with_preposition(std::string_view verb, const Where& where,
                                           Standing standing = Standing::itself);

/// "the cause lies between hop 2 and hop 3"
[[nodiscard]] std::string lies_at(const Where& where, Standing standing = Standing::itself);

}  // namespace hopblame
