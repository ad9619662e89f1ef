#pragma once
// Reading rtnetlink(7) messages, which need not be aligned and are believed only as far as they are
// whole.

#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace hopblame::netlink {

/// Absent where there are fewer bytes.
template <typename T>
[[nodiscard]] std::optional<T> take(std::span<const std::uint8_t> from) {
  if (from.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, from.data(), sizeof value);
  return value;
}

/// `visit(type, value)` for each attribute.
template <typename Visit>
void each_attribute(std::span<const std::uint8_t> from, Visit visit) {
  while (const auto head = take<rtattr>(from)) {
    if (head->rta_len < sizeof *head || head->rta_len > from.size()) return;
    visit(int{head->rta_type}, from.first(head->rta_len).subspan(sizeof *head));
    from = from.subspan(std::min<std::size_t>(RTA_ALIGN(head->rta_len), from.size()));
  }
}

}  // namespace hopblame::netlink
