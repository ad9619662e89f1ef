#pragma once
// Memory that will be needed soon is asked for while there is something else to do.

#include <cstddef>
#include <cstdint>

namespace hopblame::offline {

/// The line of memory at `address`. GCC 12 takes a function that does nothing but this for one
/// without effect and leaves its calls out; it must not think so of the empty assembly.
[[gnu::always_inline]] inline void fetch_ahead(const void* address) {
  asm volatile("" : : "r"(address));
  __builtin_prefetch(address);
}

/// All lines of an object that begins with one; or of that which lies so many farther, whether
/// there is one or not.
template <class Item>
[[gnu::always_inline]] inline void fetch_whole(const Item& item, std::size_t farther = 0) {
  const auto start = reinterpret_cast<std::uintptr_t>(&item) + farther * sizeof item;
  for (unsigned at = 0; at < sizeof item; at += 64)
    fetch_ahead(reinterpret_cast<const void*>(start + at));
}

}  // namespace hopblame::offline
