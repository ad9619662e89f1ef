#include "analysis/verdict/wording.hpp"

#include <fmt/compile.h>

namespace hopblame {

std::string hop_text(const Case& the_case, std::uint8_t hop) {
  const auto address = the_case.address_of(hop);
  return address ? fmt::format("hop {} ({})", hop, to_string(*address))
                 : fmt::format("hop {}", hop);
}

std::string place_text(const Case& the_case, const Where& where) {
  const auto first = where.first_hop.value_or(1);
  if (!where.last_hop) return fmt::format("a device from hop {} on", first);
  if (first == *where.last_hop) return hop_text(the_case, first);
  return fmt::format("hop {} to {}", first, *where.last_hop);
}

const char* limit_word(const Case& the_case) {
  return the_case.owner().family == Family::ipv4 ? "TTL" : "hop limit";
}

std::string port_text(const Case& the_case) {
  return "port " + std::to_string(the_case.run.goal.target.port);
}

std::string in_ms(Duration span) {
  constexpr std::int64_t tenth = 100'000;
  // What lies in the middle between two is rounded as printf does it.
  if (span.count() < 0 || span.count() % tenth == tenth / 2)
    return fmt::format("{:.1f}", milliseconds(span));
  const auto tenths = (span.count() + tenth / 2) / tenth;
  return fmt::format(FMT_COMPILE("{}.{}"), tenths / 10, tenths % 10);
}

std::string times(unsigned count) {
  if (count == 1) return "once";
  return count == 2 ? "twice" : fmt::format("{} times", count);
}

std::vector<FrameId> frames(const std::vector<const Exchange*>& exchanges) {
  std::vector<FrameId> found;
  for (const auto* exchange : exchanges)
    found.insert(found.end(), exchange->left.begin(), exchange->left.end());
  return found;
}

std::vector<FrameId> frames(const Exchange& exchange, const Reply& reply) {
  std::vector<FrameId> found;
  found.reserve(2);
  if (exchange.sent()) found.push_back(exchange.left.front());
  found.push_back(reply.frame);
  return found;
}

}  // namespace hopblame
