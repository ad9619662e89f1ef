#pragma once
// Names of the hops, looked up in threads side by side: a slow or dead name server
// costs at most the time given to collect().

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/model/address.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

class ReverseNames {
 public:
  ReverseNames();

  /// Starts a look-up, unless it was asked before or too many are under way.
  void ask(const IpAddress& address);

  /// What is known after at most `patience`, or once `stop` holds; ordered by address. Outside
  /// text.
  [[nodiscard]] std::vector<std::pair<IpAddress, std::string>> collect(
      Duration patience, const std::function<bool()>& stop) const;

 private:
  struct Board;  ///< shared with the threads, which may outlive us
  std::shared_ptr<Board> board_;
  std::set<IpAddress> asked_;
};

}  // namespace hopblame
