#include "capture/series.hpp"

#include <fstream>

#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

using Paths = std::vector<std::string>;

class Folder {
 public:
  /// One packet for each time, in milliseconds; `lost`: bytes missing at the end.
  std::string file(const std::string& name, const std::vector<std::uint32_t>& times,
                   unsigned link_type = 1, std::size_t lost = 0) const {
    auto file = pcap_header({}, link_type);
    for (const auto at : times)
      add_record(file, {}, at / 1000, at % 1000 * 1000, Packet(20, static_cast<std::uint8_t>(at)));
    file.bytes.resize(file.bytes.size() - lost);
    const auto path = (folder_.path / name).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.bytes.data()),
               static_cast<std::streamsize>(file.bytes.size()));
    return path;
  }

 private:
  TemporaryFolder folder_;
};

std::size_t joined(const Paths& paths) {
  const auto opened = open_series(paths);
  const auto& source = std::get<std::unique_ptr<FileSource>>(opened);
  while (!std::holds_alternative<End>(source->next(TimePoint::max()))) {
  }
  return source->files();
}

}  // namespace

TEST_CASE("a capture cut into files is counted through, one packet at a time and many") {
  const Folder folder;
  const Paths paths{folder.file("x.pcap", {1000, 2000}), folder.file("x.pcap1", {2500, 5000}),
                    folder.file("x.pcap2", {5900})};
  const auto read = read_all(open_series(paths));
  CHECK(same_without_comments(read, read_together(open_series(paths))));
  REQUIRE(read.frames.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(read.frames[i].id == i + 1);
  CHECK(read.frames[2].bytes == Packet(20, static_cast<std::uint8_t>(2500)));
  CHECK(read.facts.horizon - read.facts.started == std::chrono::milliseconds(4900));
  CHECK(joined(paths) == 3);
}

TEST_CASE("files that do not go on where one ends are captures of their own") {
  const Folder folder;
  const auto first = folder.file("x.pcap1", {1000, 9000});
  CHECK(joined({first, folder.file("x.pcap2", {10'000})}) == 2);
  CHECK(joined({first, folder.file("x.pcap2", {10'001})}) == 1);
  CHECK(joined({first, folder.file("x.pcap2", {9000})}) == 2);
  CHECK(joined({first, folder.file("x.pcap2", {8999})}) == 1);
  CHECK(joined({first, folder.file("x.pcap2", {9100}, 101)}) == 1);
  CHECK(joined({first, folder.file("x.pcap2", {})}) == 1);
  CHECK(joined({first, "/nonexistent"}) == 1);
}

TEST_CASE("dumpcap numbers its files: between them nothing was lost, however long it was quiet") {
  const Folder folder;
  const auto first = folder.file("x_00009_20261129101500.pcap", {1000});
  const auto second = folder.file("x_00010_20261129111500.pcap", {3'600'000});
  CHECK(joined({first, second}) == 2);
  CHECK(joined({first, folder.file("x_00011_20261129121500.pcap", {3'600'000})}) == 1);
  CHECK(joined({second, first}) == 1);
  const auto damaged = folder.file("x_00009_20261129101500.pcap", {1000, 2000}, 1, 7);
  CHECK(joined({damaged, second}) == 1);
}

TEST_CASE("what may be a series: neighbours that one tool named, in the order of their packets") {
  const Folder folder;
  const auto one = folder.file("x.pcap", {3000}), two = folder.file("x.pcap1", {1000}),
             three = folder.file("x.pcap10", {2000}), other = folder.file("y.pcap", {1000});
  CHECK(possible_series({one, two, three}) == std::vector<Paths>{{two, three, one}});
  CHECK(possible_series({one, other, two}) == std::vector<Paths>{{one}, {other}, {two}});
  const auto dump = folder.file("z_00002_20261129101500.pcapng", {2000}),
             before = folder.file("z_00001_20261129101400.pcapng", {1000});
  CHECK(possible_series({dump, before}) == std::vector<Paths>{{before, dump}});
  // Of two interfaces, written in turns: what was seen first need not be in the first file.
  const auto soon = folder.file("z_00003_20261129101500.pcapng", {1999, 2500});
  CHECK(possible_series({soon, dump, before}) == std::vector<Paths>{{before, dump, soon}});
  CHECK(joined({before, dump, soon}) == 3);
  CHECK(possible_series({"/dev/fd/63", "/dev/fd/62"}).size() == 2);
  CHECK(possible_series({"-"}) == std::vector<Paths>{{"-"}});
}

TEST_CASE(
    "numbers in names of hosts and interfaces make no series: what one saw is not the other's") {
  const Folder folder;
  for (const auto& [one, other] :
       {std::pair("eth0.pcap", "eth1.pcap"), std::pair("192.0.2.1.pcap", "192.0.2.2.pcap"),
        std::pair("dump.192.0.2.1", "dump.192.0.2.2"), std::pair("host1", "host2"),
        std::pair("x_00001_client.pcap", "x_00002_client.pcap")}) {
    CAPTURE(one);
    const auto first = folder.file(one, {1000}), second = folder.file(other, {1500});
    CHECK(possible_series({first, second}).size() == 2);
  }
}

TEST_CASE("damage in a file of a series is told, and what follows is read") {
  const Folder folder;
  const auto read = read_all(open_series(
      {folder.file("x.pcap1", {1000, 1100}, 1, 7), folder.file("x.pcap2", {1200, 1300})}));
  CHECK(read.frames.size() == 3);
  CHECK(read.facts.truncated);
  CHECK(read.error.find("the last record is cut short") != std::string::npos);
}
