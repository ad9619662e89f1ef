#include "analysis/model/text.hpp"

#include <fmt/format.h>

#include <charconv>

#include "analysis/model/icmp_codes.hpp"

namespace hopblame {
namespace {

/// Each returns where it ended; there is room for the longest.
struct Writer {
  char* at;

  char* put(std::string_view text) {
    text.copy(at, text.size());
    return at += text.size();
  }
  char* put(std::uint64_t number) { return at = std::to_chars(at, at + 20, number).ptr; }

  char* operator()(std::monostate) { return at; }
  char* operator()(std::uint64_t number) { return put(number); }
  char* operator()(Term) { return at; }
  char* operator()(std::string_view) { return at; }
  char* operator()(const IpAddress& address) { return at = write_address(at, address); }
  char* operator()(const Hops& hops) {
    put(hops.last ? "hop " : "a device from hop ");
    put(std::uint64_t{hops.first});
    if (!hops.last) return put(" on");
    if (hops.first != *hops.last) {
      put(" to ");
      return put(std::uint64_t{*hops.last});
    }
    if (!hops.address) return at;
    put(" (");
    at = write_address(at, *hops.address);
    return put(")");
  }
  char* operator()(Milliseconds of) {
    constexpr std::int64_t tenth = 100'000, hundredth = tenth / 10;
    const auto span = of.span;
    if (span.count() >= 0 && span.count() < tenth / 2)
      return span.count() < hundredth / 2 ? put("under 0.01")
                                          : at = fmt::format_to(at, "{:.2f}", milliseconds(span));
    // What lies in the middle between two is rounded as printf does it.
    if (span.count() < 0 || span.count() % tenth == tenth / 2)
      return at = fmt::format_to(at, "{:.1f}", milliseconds(span));
    const auto tenths = static_cast<std::uint64_t>((span.count() + tenth / 2) / tenth);
    put(tenths / 10);
    put(".");
    return put(tenths % 10);
  }
  char* operator()(Seconds of) { return at = fmt::format_to(at, "{:.1f}", seconds(of.span)); }
  char* operator()(IcmpCode icmp) { return put(icmp_text(icmp.family, icmp.type, icmp.code)); }
};

struct Whole {
  std::string text{};
  void plain(std::string_view piece) { text += piece; }
  void words(std::string_view piece) { text += piece; }
};

}  // namespace

std::size_t write(char* at, const Filling& filling) {
  const auto* number = std::get_if<std::uint64_t>(&filling);  // the most common by far
  const auto* end = number ? Writer{at}.put(*number) : std::visit(Writer{at}, filling);
  return static_cast<std::size_t>(end - at);
}

Text::Text(std::string own) {
  if (!own.empty()) own_ = std::make_shared<const std::string>(std::move(own));
}

std::string Text::str() const {
  Whole whole;
  tell(whole);
  return std::move(whole.text);
}

bool operator==(const Text& one, const Text& other) { return one.str() == other.str(); }

}  // namespace hopblame
