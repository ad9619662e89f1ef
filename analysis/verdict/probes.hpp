#pragma once
// Some of the exchanges, without a list of them: the judges ask for them again and again.

#include <cstddef>
#include <iterator>
#include <span>

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// Those of one kind and aim that left.
class Probes {
 public:
  class Iterator {
   public:
    using value_type = const Exchange*;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const Probes* of, const Exchange* at) : of_(of), at_(at) { skip(); }
    const Exchange* operator*() const { return at_; }
    Iterator& operator++() {
      ++at_;
      skip();
      return *this;
    }
    Iterator operator++(int) {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    void skip() {
      while (at_ != of_->last() && !of_->holds(*at_)) ++at_;
    }
    const Probes* of_ = nullptr;
    const Exchange* at_ = nullptr;
  };

  Probes(std::span<const Exchange> exchanges, ProbeKind kind, Aim aim)
      : exchanges_(exchanges), kind_(kind), aim_(aim) {}

  [[nodiscard]] Iterator begin() const { return {this, exchanges_.data()}; }
  [[nodiscard]] Iterator end() const { return {this, last()}; }
  [[nodiscard]] bool empty() const { return begin() == end(); }

 private:
  [[nodiscard]] const Exchange* last() const { return exchanges_.data() + exchanges_.size(); }
  [[nodiscard]] bool holds(const Exchange& exchange) const {
    const auto& question = exchange.spec.question;
    return question.kind == kind_ && question.aim == aim_ && exchange.sent();
  }

  std::span<const Exchange> exchanges_;
  ProbeKind kind_;
  Aim aim_;
};

}  // namespace hopblame
