#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "capture/byte_window.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

constexpr std::size_t page = 4096;

/// Bytes that tell where they stand.
Packet numbered(std::size_t count, std::size_t from = 0) {
  Packet bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>((from + i) * 7 / 5);
  return bytes;
}

class File {
 public:
  explicit File(const Packet& bytes) { append(bytes); }
  void append(const Packet& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::app)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  void cut(std::size_t size) const {
    REQUIRE(::truncate(path().c_str(), static_cast<off_t>(size)) == 0);
  }
  std::string path() const { return (folder_.path / "file").string(); }

 private:
  TemporaryFolder folder_;
};

Packet as_packet(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

unsigned sum(Bytes bytes) { return std::accumulate(bytes.begin(), bytes.end(), 0U); }

constexpr unsigned records = 200'000;  // of 36 bytes: several windows

Packet many_records() {
  auto file = pcap_header({}, 101);
  for (std::uint32_t i = 0; i < records; ++i) add_record(file, {}, 1000 + i, 0, Packet(20, 0x45));
  return file.bytes;
}

}  // namespace

TEST_CASE("a mapped window shows the bytes of the file, whatever the steps") {
  const auto bytes = numbered(5 * page + 123);
  const File file(bytes);
  const auto step = GENERATE(std::size_t{1}, std::size_t{17}, page - 1, page, 2 * page + 1);
  const auto window = mapped(file.path(), page);
  REQUIRE(window);
  std::size_t place = 0, used = 0;
  while (place < bytes.size()) {
    const auto view = window->slide(used, step);
    REQUIRE(view.size() >= std::min(step, bytes.size() - place));
    used = std::min(step, view.size());
    REQUIRE(as_packet(view.first(used)) ==
            Packet(bytes.begin() + static_cast<std::ptrdiff_t>(place),
                   bytes.begin() + static_cast<std::ptrdiff_t>(place + used)));
    place += used;
  }
  CHECK(window->slide(used, 1).empty());
  CHECK(window->error().empty());
}

TEST_CASE("what is asked for may be longer than the window") {
  const auto bytes = numbered(10 * page);
  const File file(bytes);
  const auto window = mapped(file.path(), page);
  REQUIRE(window);
  const auto view = window->slide(0, 9 * page);
  REQUIRE(view.size() >= 9 * page);
  CHECK(as_packet(view) ==
        Packet(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(view.size())));
}

TEST_CASE("a file that grows while it is mapped is read to its new end") {
  const File file(numbered(page + 10));
  const auto window = mapped(file.path(), page);
  REQUIRE(window);
  REQUIRE(window->slide(0, page + 10).size() == page + 10);
  file.append(numbered(page, page + 10));
  CHECK(as_packet(window->slide(page, page + 10)) == numbered(page + 10, page));
  CHECK(window->slide(page + 10, 1).empty());
  CHECK(window->error().empty());
}

TEST_CASE("bytes that a file loses while they are shown are zeros, and an error") {
  const File file(numbered(4 * page));
  const auto window = mapped(file.path(), 4 * page);
  REQUIRE(window);
  const auto view = window->slide(0, 4 * page);
  REQUIRE(view.size() == 4 * page);
  file.cut(page);
  CHECK(sum(view.subspan(page)) == 0);
  CHECK(as_packet(view.first(page)) == numbered(page));
  CHECK(window->error() != "");
  CHECK(window->slide(page, 1).empty());
}

TEST_CASE("a file that is shorter than it was is noticed before its pages are asked for") {
  const File file(numbered(8 * page));
  const auto window = mapped(file.path(), page);
  REQUIRE(window);
  REQUIRE_FALSE(window->slide(0, 2 * page).empty());
  file.cut(page);
  CHECK(window->slide(2 * page, page).empty());
  CHECK(window->error() != "");
}

TEST_CASE("a capture that begins anew while it is read gives what was read, and says so") {
  const File file(many_records());
  const bool together = GENERATE(false, true);
  auto opened = open_file(file.path());
  const auto& source = std::get<std::unique_ptr<FileSource>>(opened);
  std::array<Frame, 64> room;
  std::size_t count = source->next_frames(room);
  REQUIRE(count > 0);
  file.cut(0);
  PacketEvent event;
  if (together)
    while (const auto more = source->next_frames(room)) count += more;
  while (event = source->next(TimePoint::max()), std::holds_alternative<Frame>(event)) {
    CHECK(std::get<Frame>(event).at >= TimePoint(std::chrono::seconds(1000)));
    ++count;
  }
  CHECK(count < records);
  CHECK(std::get<End>(event).error.find("became shorter") != std::string::npos);
  CHECK(source->facts().truncated);
}

TEST_CASE("what is no regular file, or empty, is not mapped") {
  const File empty{Packet{}};
  CHECK(mapped(empty.path(), page) == nullptr);
  CHECK(mapped("/dev/null", page) == nullptr);
  CHECK(mapped(std::filesystem::temp_directory_path().string(), page) == nullptr);
  CHECK(mapped(empty.path() + ".none", page) == nullptr);
}

TEST_CASE("more files are open at once than are mapped") {
  const auto bytes = numbered(100);
  const File file(bytes);
  std::vector<std::unique_ptr<ByteWindow>> open;
  while (auto window = mapped(file.path(), page)) open.push_back(std::move(window));
  CHECK(open.size() >= 16);
  for (const auto& window : open) CHECK(as_packet(window->slide(0, 100)) == bytes);
  open.pop_back();
  CHECK(mapped(file.path(), page) != nullptr);
}
