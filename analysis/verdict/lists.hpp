#pragma once
// Lists of evidence and of explanations, put together without copies: braces would make some.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace hopblame {

template <class Item, class... Others>
[[nodiscard]] std::vector<Item> list_of(Item first, Others... others) {
  std::vector<Item> list;
  list.reserve(std::max<std::size_t>(1 + sizeof...(others), 3));  // more are added to most
  list.push_back(std::move(first));
  (list.push_back(std::move(others)), ...);
  return list;
}

/// At the end, if there is one.
template <class Item>
void add(std::vector<Item>& list, std::optional<Item> item) {
  if (item) list.push_back(std::move(*item));
}

}  // namespace hopblame
