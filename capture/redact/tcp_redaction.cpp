#include "capture/redact/tcp_redaction.hpp"

#include <string_view>

#include "analysis/model/message.hpp"
#include "analysis/model/services.hpp"
#include "capture/redact/names.hpp"
#include "capture/tcp_options.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::size_t least_header = 20;

/// RFC 8684 section 3.2: a hash of a key and random numbers.
bool is_join(Room option) {
  constexpr std::uint8_t join = 1;
  const auto length = option.size();
  return (length == 12 || length == 16 || length == 24) && option[2] >> 4 == join;
}

/// Known, of a length it may have: numbers of this connection and nothing else.
bool is_harmless(Room option) {
  const auto length = option.size();
  switch (option[0]) {
    case tcp_option::maximum_segment_size: return length == 4;
    case tcp_option::window_scale: return length == 3;
    case tcp_option::sack_permitted: return length == 2;
    case tcp_option::sack: return length % 8 == 2 && length > 2 && length <= 34;
    case tcp_option::timestamps: return length == 10;
    case tcp_option::multipath: return is_join(option);
    default: return false;
  }
}

/// Multipath TCP, for one, tells its peer other addresses (RFC 8684 section 3.4.1).
void redact_options(Room options) {
  while (!options.empty() && options[0] != tcp_option::end) {
    if (options[0] == tcp_option::no_operation) {
      options = options.subspan(1);
      continue;
    }
    const std::size_t length = options.size() > 1 ? options[1] : 0;
    if (length < 2 || length > options.size()) return blank(options, tcp_option::no_operation);
    const auto option = options.first(length);
    if (!is_harmless(option)) blank(option, tcp_option::no_operation);
    options = options.subspan(length);
  }
  blank(options);
}

/// Who listens has the lower port: those of clients are high. Who began to ask is the client.
std::size_t kept_of(std::string_view text, const Ports& ports) {
  const auto question = question_in(text).size();
  return question > 0 ? question : ports.source < ports.destination ? text.size() : 0;
}

void redact_text(Room text, const Ports& ports, const Scrambler& scrambler) {
  const std::string words(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), most_text)));
  const std::string plain =
      without_names(words.substr(0, kept_of(words, ports)), scrambler.hidden());
  std::copy(plain.begin(), plain.end(), text.begin());
  blank(from(text, plain.size()));
}

}  // namespace

void redact_tcp(Room segment, bool quoted, const Scrambler& scrambler) {
  if (segment.size() < least_header) return;
  const std::size_t header = std::max<std::size_t>(least_header, segment[12] / 16 * 4u);
  redact_options(segment.first(std::min(header, segment.size())).subspan(least_header));
  const Room text = from(segment, header);
  return quoted ? blank(text) : redact_text(text, read_ports(segment), scrambler);
}

}  // namespace hopblame
