// The golden captures, cut anywhere and with any bit turned: their packets, one of each shape, and
// the smallest of the files.

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/capture/survival.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

std::vector<std::filesystem::path> stored() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(HOPBLAME_SOURCE_DIR "/pcaps"))
    if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng")
      paths.push_back(entry.path());
  return paths;
}

Packet bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return as_packet({std::istreambuf_iterator<char>(in), {}});
}

/// What decides which way a packet takes through the decoder.
using Shape = std::array<std::size_t, 6>;

Shape shape_of(const Read::Item& item) {
  const Observation seen = decoded(item.link_type, item.bytes);
  Shape shape{static_cast<std::size_t>(item.link_type), item.bytes.size(), seen.message.index()};
  if (const auto* tcp = std::get_if<TcpSegment>(&seen.message)) shape[3] = tcp->flags;
  if (const auto* error = std::get_if<IcmpError>(&seen.message)) {
    shape[3] = error->type, shape[4] = error->code;
    shape[5] = error->quote ? static_cast<std::size_t>(error->quote->flow.transport) : 0;
  }
  return shape;
}

std::vector<Named> one_of_each_shape() {
  std::vector<Named> packets;
  std::set<Shape> known;
  for (const auto& path : stored())
    for (const auto& item : read_bytes(bytes_of(path)).frames)
      if (known.insert(shape_of(item)).second)
        packets.push_back(
            {path.string() + " packet " + std::to_string(item.id), item.link_type, item.bytes});
  return packets;
}

}  // namespace

TEST_CASE("a packet of the golden captures, cut or with a bit turned", "[hostile]") {
  const auto packets = one_of_each_shape();
  CHECK(packets.size() >= 50);
  for (const Named& packet : packets) {
    check_prefixes(packet, 1);
    check_flips(packet);
  }
}

TEST_CASE("a small golden capture, cut or with a bit turned", "[hostile]") {
  std::size_t small = 0;
  for (const auto& path : stored()) {
    const Packet file = bytes_of(path);
    if (file.size() > (path.extension() == ".pcap" ? 700u : 1200u)) continue;
    ++small;
    INFO(path);
    check_prefixes(file);
    check_flips(file);
  }
  CHECK(small >= 10);
}
