#include "src/report/place_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame {
namespace {

std::string responder_text(const Path& path, std::uint8_t distance) {
  for (const Hop& hop : path.hops)
    if (hop.distance == distance && !hop.responders.empty())
      return to_string(hop.responders.front());
  const auto asked = [&](const Hop& hop) { return hop.distance == distance && hop.asked > 0; };
  return std::ranges::any_of(path.hops, asked) ? "no answer" : "address not known";
}

std::string interval_text(unsigned first, unsigned last) {
  if (first == 0 && last == 0) return "this machine";
  if (first == last) return fmt::format("hop {}", first);
  if (first == 0) return fmt::format("between this machine and hop {}", last);
  return fmt::format("between hop {} and hop {}", first, last);
}

/// What lies before a destination that may be to blame itself: " or the device before it (hop 3)".
std::string or_before(const Where& where) {
  const unsigned first = *where.first_hop, last = *where.last_hop;
  if (first == 0) return " or what lies between";
  return last - first == 1 ? fmt::format(" or the device before it (hop {})", first)
                           : fmt::format(" or a device from hop {} on", first);
}

/// Of one device: "hop 2", "hop 2 or hop 3".
std::string place_of_one(const Where& where) {
  const auto first = where.first_hop.value_or(0), last = where.last_hop.value_or(0);
  if (first == 0 || first >= last) return where_text(where);
  return last - first == 1 ? fmt::format("hop {} or hop {}", first, last)
                           : fmt::format("one of hop {} to hop {}", first, last);
}

/// "the router 198.51.100.77 (hop 3)", or only the place where nobody can be named.
std::string who_and_where(const Where& where, Standing standing = Standing::itself) {
  std::string who = who_text(where);
  const std::string place = who.empty() ? where_text(where) : place_of_one(where);
  if (standing == Standing::for_host_behind && where.address)
    who = fmt::format("a host behind {}", to_string(*where.address));
  const bool end_of_several = where.kind == CulpritKind::destination && where.first_hop &&
                              where.last_hop && *where.first_hop < *where.last_hop;
  if (end_of_several) return fmt::format("{} (hop {}){}", who, *where.last_hop, or_before(where));
  if (who.empty() || who == place) return place;
  return place.empty() ? who : fmt::format("{} ({})", who, place);
}

}  // namespace

std::string hop_text(const Path& path, std::uint8_t distance) {
  if (distance == 0) return "this machine";
  return "hop " + std::to_string(distance) + " (" + responder_text(path, distance) + ")";
}

/// "hop 2 (192.0.2.1) and hop 3 (no answer)", "hop 2 (192.0.2.1) to hop 4 (192.0.2.9)", "hop 3 and
/// hop 4 (both 192.0.2.9)"
std::string span_text(const Where& where, const Path& path) {
  const auto first = *where.first_hop, last = *where.last_hop;
  const auto* join = last - first == 1 ? "and" : "to";
  const auto name = responder_text(path, first);
  const bool answered = std::ranges::any_of(
      path.hops, [&](const Hop& hop) { return hop.distance == first && !hop.responders.empty(); });
  if (first > 0 && answered && name == responder_text(path, last))
    return fmt::format("hop {} {} hop {} (both {})", first, join, last, name);
  return fmt::format("{} {} {}", hop_text(path, first), join, hop_text(path, last));
}

bool is_place_only(const Where& where) { return who_text(where).empty(); }

std::string with_preposition(std::string_view verb, const Where& where, Standing standing) {
  if (!is_place_only(where)) return fmt::format("{} by {}", verb, who_and_where(where, standing));
  const std::string place = where_text(where);
  return fmt::format("{} {}{}", verb, place.starts_with("hop") ? "at " : "", place);
}

std::string lies_at(const Where& where, Standing standing) {
  if (where.kind == CulpritKind::this_host) return "the cause is on this machine";
  if (!is_place_only(where)) return "the cause is at " + who_and_where(where, standing);
  return "the cause lies " + where_text(where);
}

std::string where_text(const Where& where) {
  if (where.kind == CulpritKind::this_host) return "this machine";
  if (where.kind == CulpritKind::none) return {};
  if (where.first_hop && where.last_hop) return interval_text(*where.first_hop, *where.last_hop);
  if (where.first_hop == 0) return "on this machine or beyond";
  if (where.first_hop) return fmt::format("at hop {} or beyond", *where.first_hop);
  if (where.last_hop == 0) return "before the place of the first capture";
  if (where.last_hop) return fmt::format("at or before hop {}", *where.last_hop);
  return where.kind == CulpritKind::destination || where.address ? "" : "somewhere on the path";
}

std::string who_text(const Where& where) {
  const std::string address = where.address ? " " + to_string(*where.address) : "";
  switch (where.kind) {
    case CulpritKind::destination: return "the destination" + address;
    case CulpritKind::router: return address.empty() ? "a router" : "the router" + address;
    case CulpritKind::this_host: return "this machine";
    case CulpritKind::between:
    case CulpritKind::unknown: return address.empty() ? "" : "the router" + address;
    case CulpritKind::none: break;
  }
  return {};
}

std::string device_text(const Where& where, const Path& path) {
  if (!is_place_only(where)) return who_and_where(where);
  if (!where.first_hop && where.last_hop == 0) return "the devices before the first capture";
  if (!where.first_hop) return "the devices on the path";
  if (where.first_hop == 0 && !where.last_hop) return "this machine, or any device beyond";
  if (!where.last_hop)
    return "each device from " +
           (path.hops.empty() ? "hop " + std::to_string(*where.first_hop)
                              : hop_text(path, *where.first_hop)) +
           " on";
  if (*where.first_hop == *where.last_hop) return hop_text(path, *where.first_hop);
  const bool neighbours = *where.last_hop - *where.first_hop == 1;
  return (neighbours ? "" : "each device from ") + span_text(where, path);
}

}  // namespace hopblame
