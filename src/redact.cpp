#include "src/redact.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <random>

#include "capture/decode.hpp"
#include "capture/redact/frame_redaction.hpp"
#include "capture/redact/run_redaction.hpp"
#include "capture/system.hpp"
#include "src/cli/host_port.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

CryptoPan::Key new_key() {
  std::random_device random;
  CryptoPan::Key key{};
  for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
  return key;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(space), text.size());
  return text.substr(first, text.find_last_not_of(space) + 1 - first);
}

std::optional<CryptoPan::Key> key_in(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(256, '\0');  // enough; a device may have no end
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  const auto key = key_of(text);
  if (!key)
    complain("--redact-key: " + path + ": " +
             (errno != 0
                  ? error_text(errno)
                  : "not a key of 64 hexadecimal digits, as openssl rand -hex 32 makes one"));
  return key;
}

Observation observed(const StoredFrame& frame, std::size_t place) {
  return decode(
      {FrameId{place + 1}, frame.at, frame.link_type, frame.original_length, frame.bytes});
}

}  // namespace

std::optional<CryptoPan::Key> key_of(std::string_view text) {
  CryptoPan::Key key{};
  text = trimmed(text);
  if (text.size() != 2 * key.size()) return {};
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto digits = text.substr(2 * i, 2);
    const auto* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, key[i], 16).ptr != end) return {};
  }
  return key;
}

std::optional<Scrambler> scrambler_for(const OutputOptions& output) {
  const auto key = output.redact_key.empty() ? new_key() : key_in(output.redact_key);
  if (!key) return {};
  auto scrambler = Scrambler::with(*key);
  if (!scrambler)
    complain("--redact needs AES, and this program was built without the nettle library");
  return scrambler;
}

/// A service says the names it knows itself by: that which was typed, or that of its address.
void redact(Recorded& recorded, const Scrambler& for_all) {
  auto scrambler = for_all;
  scrambler.hide(recorded.run.goal.host);
  for (const auto& [address, name] : recorded.run.names)
    if (address == recorded.run.goal.target.address) scrambler.hide(name);
  redact(recorded.run, scrambler);
  recorded.run.observations.clear();
  for (std::size_t place = 0; place < recorded.frames.size(); ++place) {
    StoredFrame& frame = recorded.frames[place];
    redact(frame, scrambler);
    recorded.run.observations.push_back(observed(frame, place));
  }
}

void hide_typed(std::optional<Scrambler>& scrambler, const std::string& typed) {
  if (const auto split = split_host_port(typed); scrambler && split) scrambler->hide(split->host);
}

Frame shown(const Frame& frame, const std::optional<Scrambler>& scrambler, StoredFrame& room) {
  if (!scrambler) return frame;
  room.link_type = frame.link_type;
  room.bytes.assign(frame.bytes.begin(), frame.bytes.end());
  redact(room, *scrambler);
  Frame out = frame;
  out.bytes = room.bytes;
  return out;
}

void redact(Goal& goal, Vantage& vantage, const Scrambler& scrambler) {
  goal.target.address = scrambler(goal.target.address);
  goal.host = to_string(goal.target.address);
  vantage.local = scrambler(vantage.local);
}

}  // namespace hopblame
