#pragma once
// The other addresses of a name: is the port open there? One connect() each, all at once.

#include <span>
#include <string>
#include <vector>

#include "analysis/model/facts.hpp"

namespace hopblame {

/// `device` empty: by route. `wake_fd` readable ends the waiting early; -1: none.
[[nodiscard]] std::vector<OtherAddress> try_addresses(std::span<const IpAddress> addresses,
                                                      std::uint16_t port, const std::string& device,
                                                      Duration patience, int wake_fd);

}  // namespace hopblame
