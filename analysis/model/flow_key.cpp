#include "analysis/model/flow_key.hpp"

#include <tuple>

namespace hopblame {

DirectedKey key_of(const Flow& flow) {
  const auto &from = flow.source, &to = flow.destination;
  const bool from_low =
      std::tie(from.address.bytes, from.port) <= std::tie(to.address.bytes, to.port);
  const auto &low = from_low ? from : to, &high = from_low ? to : from;
  return {{low.address.bytes, high.address.bytes, low.port, high.port, from.address.family,
           flow.transport},
          from_low};
}

}  // namespace hopblame
