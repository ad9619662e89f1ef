#include "src/run_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "analysis/analyse.hpp"
#include "src/offline/read_file.hpp"
#include "src/report/report.hpp"
#include "tests/src/session_bench.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

struct TemporaryFile {
  std::string path = "/tmp/hopblame-run-file-XXXXXX";
  explicit TemporaryFile(const std::string& bytes) {
    close(mkstemp(path.data()));
    REQUIRE(write_whole(path, bytes) == 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { unlink(path.c_str()); }
};

/// A run with something in every field that a packet cannot carry.
Recorded full_run() {
  Bench bench;
  FakeApplication application(bench.wire);
  auto parts = bench.parts();
  parts.application = &application;
  auto recorded = LiveSession(bench.goal, parts).run();
  auto& run = recorded.run;
  run.connect->greeting = std::string("SSH\x1b[2J\xff\0", 9);
  run.connect->spoke = run.connect->at + 1ms;
  run.connect->ended = run.connect->at + 500us;
  run.others = {{*IpAddress::parse("198.51.100.1"), 0}, {*IpAddress::parse("2001:db8::2"), {}}};
  run.names = {{*IpAddress::parse("192.0.2.1"), "gw.example"}};
  run.facts.dropped = 3;
  run.facts.clock_stepped = true;
  run.redacted = true;
  run.sends.front().error = ENOBUFS;
  return recorded;
}

}  // namespace

TEST_CASE("a run saved and read back is the same run") {
  const auto recorded = full_run();
  const TemporaryFile file(save_run(recorded));
  const auto loaded = read_file({file.path, {}, {}});
  REQUIRE(std::holds_alternative<Recorded>(loaded));
  const auto& run = std::get<Recorded>(loaded).run;
  const auto& saved = recorded.run;
  CHECK(run.goal == saved.goal);
  CHECK(run.facts == saved.facts);
  CHECK(run.redacted);
  CHECK(run.sends == saved.sends);
  CHECK(run.connect == saved.connect);
  CHECK(run.others == saved.others);
  CHECK(run.names == saved.names);
  CHECK(run.observations == saved.observations);
  CHECK(run.started == saved.started);
  CHECK(run.ended == saved.ended);
}

TEST_CASE("and its report is the same, byte for byte") {
  const auto recorded = full_run();
  const TemporaryFile file(save_run(recorded));
  const auto run = std::get<Recorded>(read_file({file.path, {}, {}})).run;
  const auto live = analyse(recorded.run), offline = analyse(run);
  CHECK(live == offline);
  CHECK(render_json({recorded.run, live, "probe", "1"}) ==
        render_json({run, offline, "probe", "1"}));
}

TEST_CASE("what a capture says to its reader changes no verdict, and is said again the same") {
  const auto recorded = full_run();
  const auto live = analyse(recorded.run);
  const auto bytes = save_run(recorded, annotations({recorded.run, live, "probe", "1"}));
  CHECK(bytes.find("hopblame: ") != std::string::npos);
  const TemporaryFile file(bytes);
  const auto again = std::get<Recorded>(read_file({file.path, {}, {}}));
  const auto offline = analyse(again.run);
  CHECK(live == offline);
  CHECK(save_run(again, annotations({again.run, offline, "read", "1"})) == bytes);
}

TEST_CASE("a file cut short has lost its journal and is nobody's") {
  const auto recorded = full_run();
  const auto bytes = save_run(recorded);
  const TemporaryFile file(bytes.substr(0, bytes.size() / 2));
  const auto loaded = read_file({file.path, {}, {}});
  const auto* foreign = std::get_if<std::unique_ptr<ForeignCapture>>(&loaded);
  REQUIRE(foreign != nullptr);
  CHECK_FALSE((*foreign)->damage.empty());
}

TEST_CASE("what is no capture is an error of one line") {
  const TemporaryFile file("root:x:0:0\n");
  const auto loaded = read_file({file.path, {}, {}});
  REQUIRE(std::holds_alternative<FileError>(loaded));
  CHECK(std::get<FileError>(loaded).text.find('\n') == std::string::npos);
  CHECK(std::holds_alternative<FileError>(read_file({"/nonexistent/file", {}, {}})));
}
