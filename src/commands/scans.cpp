#include "src/commands/scans.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame {
namespace {

/// Programs ask for the few ports that they need, and ask again.
constexpr std::uint32_t least_ports = 16;

bool is_asked_once(const offline::Target& target) {
  return target.attempts.total == 1 && !target.repeated && !target.several_clients &&
         badness(target) > 0;
}

bool is_of(const Scan& scan, const offline::Target& target) {
  return target.endpoint.address == scan.host && target.client == scan.client &&
         is_asked_once(target);
}

void add(Scan& scan, const offline::Target& target) {
  const auto& one = target.attempts;
  auto& all = scan.attempts;
  all.total += one.total;
  all.refused += one.refused;
  all.rejected += one.rejected;
  all.dropped += one.dropped;
  all.other += one.other;
  scan.worst = std::max(scan.worst, badness(target));
}

Scan scan_with(const offline::Book& book, const offline::Target& target) {
  Scan scan{target.client, target.endpoint.address, {}, 0};
  for (auto id = book.first_on_host(scan.host); id != offline::nothing;) {
    const auto& other = book.targets()[id];
    if (is_of(scan, other)) add(scan, other);
    id = other.next_on_host;
  }
  return scan;
}

}  // namespace

std::vector<Scan> take_scans(const offline::Book& book, std::vector<Rank>& order, std::size_t top) {
  std::vector<Scan> scans;
  const auto& targets = book.targets();
  for (std::size_t i = 0; i < std::min(top, order.size()) && scans.size() < top;) {
    const auto& target = targets[order[i].index()];
    auto scan = is_asked_once(target) ? scan_with(book, target) : Scan{};
    if (scan.attempts.total < least_ports) {
      ++i;
      continue;
    }
    std::erase_if(order, [&](const Rank& rank) { return is_of(scan, targets[rank.index()]); });
    put_first(order, top);
    scans.push_back(std::move(scan));
  }
  return scans;
}

std::string to_string(const Scan& scan) {
  std::string ends;
  const auto tell = [&](std::uint32_t count, std::string_view word) {
    if (count > 0) ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count, word);
  };
  tell(scan.attempts.refused, "refused");
  tell(scan.attempts.rejected, "rejected");
  tell(scan.attempts.dropped, "dropped");
  tell(scan.attempts.other, "other");
  return fmt::format("{}: {} ports, each asked once by {}, as a scan does: {}",
                     to_string(scan.host), scan.attempts.total, to_string(scan.client), ends);
}

}  // namespace hopblame
