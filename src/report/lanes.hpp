#pragma once
// Which lane of the ladder is whose: this host, the hops that are known by an address, the target.

#include <string>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

class Lanes {
 public:
  explicit Lanes(const ReportInput& input);

  /// The last lane, the target's, for an address that nobody is known by.
  [[nodiscard]] std::size_t of(const IpAddress& address) const;
  /// The first lane at this distance or beyond.
  [[nodiscard]] std::size_t at(unsigned distance) const;
  /// The last lane at this distance or before it.
  [[nodiscard]] std::size_t up_to(unsigned distance) const;

  std::vector<std::string> names;  ///< "this host", "hop 1", ..., "target"

 private:
  struct Known {
    unsigned distance;
    std::vector<IpAddress> addresses;
    bool is_placed = true;  ///< its distance is known
  };
  void add_router_without_hop(const Where& where, const IpAddress& target);
  IpAddress local_;
  std::optional<std::uint8_t> destination_;
  std::vector<Known> hops_;
};

}  // namespace hopblame
