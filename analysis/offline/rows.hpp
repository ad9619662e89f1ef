#pragma once
// A list that only grows and whose items never move: in larger pieces than std::deque has, which
// holds three of ours in each.

#include <cstddef>
#include <memory>
#include <vector>

namespace hopblame::offline {

template <class Item>
class Rows {
  template <class Of, class Value>
  struct Iterator {
    Of* rows;
    std::size_t index;
    Value& operator*() const { return (*rows)[index]; }
    Iterator& operator++() {
      ++index;
      return *this;
    }
    bool operator==(const Iterator&) const = default;
  };

 public:
  /// A new one at the end.
  Item& add() {
    if (size_ % per_piece == 0)
      pieces_.push_back(std::make_unique_for_overwrite<Item[]>(per_piece));
    return (*this)[size_++];
  }

  [[nodiscard]] Item& operator[](std::size_t index) {
    return pieces_.data()[index / per_piece].get()[index % per_piece];
  }
  [[nodiscard]] const Item& operator[](std::size_t index) const {
    return pieces_.data()[index / per_piece].get()[index % per_piece];
  }
  [[nodiscard]] const Item& front() const { return (*this)[0]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  [[nodiscard]] auto begin() { return Iterator<Rows, Item>{this, 0}; }
  [[nodiscard]] auto end() { return Iterator<Rows, Item>{this, size_}; }
  [[nodiscard]] auto begin() const { return Iterator<const Rows, const Item>{this, 0}; }
  [[nodiscard]] auto end() const { return Iterator<const Rows, const Item>{this, size_}; }

 private:
  static constexpr std::size_t per_piece = 256;
  std::vector<std::unique_ptr<Item[]>> pieces_;
  std::size_t size_ = 0;
};

}  // namespace hopblame::offline
