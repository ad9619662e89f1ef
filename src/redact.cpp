#include "src/redact.hpp"

#include <random>
#include <stdexcept>

#include "capture/decode.hpp"
#include "capture/redact/frame_redaction.hpp"
#include "capture/redact/run_redaction.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

CryptoPan::Key new_key() {
  std::random_device random;
  CryptoPan::Key key{};
  for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
  return key;
}

Observation observed(const StoredFrame& frame, std::size_t place) {
  return decode(
      {FrameId{place + 1}, frame.at, frame.link_type, frame.original_length, frame.bytes});
}

}  // namespace

bool can_redact() {
  const bool can = Scrambler::with({}).has_value();
  if (!can) complain("--redact needs AES, and this program was built without the nettle library");
  return can;
}

void redact(Recorded& recorded, const Scrambler& scrambler) {
  redact(recorded.run, scrambler);
  recorded.run.observations.clear();
  for (std::size_t place = 0; place < recorded.frames.size(); ++place) {
    StoredFrame& frame = recorded.frames[place];
    redact(frame, scrambler);
    recorded.run.observations.push_back(observed(frame, place));
  }
}

void redact(Recorded& recorded) {
  const auto scrambler = Scrambler::with(new_key());
  if (!scrambler) throw std::runtime_error("cannot redact without AES");
  redact(recorded, *scrambler);
}

}  // namespace hopblame
