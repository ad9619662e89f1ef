#pragma once
// One line of a scenario as words: "text in quotes" is one word, \r \n \" \\ inside it are read.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/time.hpp"

namespace hopblame::sim {

class Words {
 public:
  Words(std::string_view line, unsigned number);

  [[nodiscard]] bool empty() const { return next_ == words_.size(); }
  [[nodiscard]] std::string peek() const { return empty() ? std::string{} : words_[next_]; }
  /// The next word; `what` names what is missing if there is none.
  std::string take(std::string_view what);
  /// Takes the next word if it is this one.
  bool take_if(std::string_view word);

  std::uint16_t port();
  unsigned number(std::string_view what);
  double real(std::string_view what);
  double percent();     ///< "10%"
  Duration duration();  ///< "5ms", "0.1ms", "20us", "3s"

  [[noreturn]] void fail(const std::string& why) const;

 private:
  void read(std::string_view line);

  std::vector<std::string> words_;
  std::size_t next_ = 0;
  unsigned line_;
};

}  // namespace hopblame::sim
