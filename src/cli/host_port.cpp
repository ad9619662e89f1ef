#include "src/cli/host_port.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

namespace hopblame {
namespace {

std::optional<HostPort> split_brackets(std::string_view text) {
  const auto close = text.find(']');
  if (close == std::string_view::npos || close == 1) return std::nullopt;
  const HostPort bare{std::string(text.substr(1, close - 1)), std::nullopt};
  const auto rest = text.substr(close + 1);
  if (rest.empty()) return bare;
  if (rest.front() != ':') return std::nullopt;
  return HostPort{bare.host, std::string(rest.substr(1))};
}

}  // namespace

std::optional<HostPort> split_host_port(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '[') return split_brackets(text);
  if (std::ranges::count(text, ':') != 1) return HostPort{std::string(text), std::nullopt};
  const auto colon = text.find(':');
  if (colon == 0) return std::nullopt;
  return HostPort{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::optional<std::uint16_t> port_number(const std::string& text) {
  unsigned number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) {
    if (number < 1 || number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(number);
  }
  if (stop != text.data()) return std::nullopt;  // "22x", or a number out of any range
  const servent* service = getservbyname(text.c_str(), "tcp");
  if (service == nullptr) return std::nullopt;
  return ntohs(static_cast<std::uint16_t>(service->s_port));
}

}  // namespace hopblame
