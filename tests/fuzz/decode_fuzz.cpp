// Any bytes in any link type: decode() returns, keeps its bounds, and says nothing of a shorter
// capture that it takes back for a longer one; a glance sees the same or nothing. The first two
// bytes choose link type and cut.
#include <array>
#include <cstdlib>

#include "capture/decode.hpp"
#include "capture/glance.hpp"
#include "capture/transport.hpp"
#include "capture/tunnel.hpp"
#include "tests/capture/agreement.hpp"

using namespace hopblame;

namespace {

constexpr std::array link_types{1,   101, 12, 228, 229, 113, 276, 0,
                                108, 9,   50, 51,  104, 105, 127, 7};

void check(const Frame& frame, const Observation& seen) {
  Sighting quick;
  const bool taken = glance(frame, quick);
  if (taken && test::disagreement(quick, sighting_of(seen)) != nullptr) std::abort();
  const auto* tcp = std::get_if<TcpSegment>(&seen.message);
  if (tcp != nullptr && tcp->text.size() > most_text) std::abort();
}

/// What a tunnel carries lies within it.
void check_inside(const Frame& frame) {
  const auto inner = out_of_tunnel(frame);
  if (!inner) return;
  const auto *first = frame.bytes.data(), *last = first + frame.bytes.size();
  if (inner->bytes.data() <= first || inner->bytes.data() + inner->bytes.size() > last)
    std::abort();
  check(*inner, decode(*inner));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::span bytes(data + 2, size - 2);
  Frame frame{FrameId{1}, TimePoint{}, link_types[data[0] % link_types.size()],
              static_cast<std::uint32_t>(bytes.size()), bytes};
  const Observation whole = decode(frame);
  check(frame, whole);
  check_inside(frame);
  const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + data[1] % (size - 1));
  frame.bytes = cut;
  const Observation part = decode(frame);
  check(frame, part);
  check_inside(frame);
  if (test::disagreement(part, whole) != nullptr) std::abort();
  return 0;
}
