#include "src/ticket.hpp"

#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "src/signals.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hopblame;
using hopblame::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

const std::vector<TicketFile> two{{"report.md", "text"}, {"report.json", "{}"}};

/// In a child whose files may not grow beyond `limit` bytes: a full disk, as far as write() tells.
bool fails_with_file_limit(const std::string& folder, const std::vector<TicketFile>& files,
                           rlim_t limit) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit size{limit, limit};
    setrlimit(RLIMIT_FSIZE, &size);
    std::signal(SIGXFSZ, SIG_IGN);
    _exit(write_ticket(folder, files, false) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a second signal waits until the ticket is whole") {
  const TemporaryFolder folder;
  const std::string bytes(1 << 20, 'x');  // more than a pipe holds: its writer waits for the reader
  const pid_t child = fork();
  if (child == 0) {
    catch_signals();
    stop_when_asked();
    std::raise(SIGTERM);
    const auto slow = folder.path / (".report.json.new" + std::to_string(getpid()));
    mkfifo(slow.c_str(), 0600);
    const bool failed =
        write_ticket(folder.path, {two[0], {"report.json", bytes}}, false).has_value();
    _exit(failed ? 1 : 0);
  }
  const auto slow = folder.path / (".report.json.new" + std::to_string(child));
  while (!fs::exists(slow)) sched_yield();
  {
    std::ifstream reader(slow, std::ios::binary);  // opened once the child writes
    kill(child, SIGTERM);
    CHECK(std::string{std::istreambuf_iterator<char>(reader), {}} == bytes);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGTERM);
  CHECK(fs::exists(folder.path / "report.md"));
  CHECK(fs::exists(folder.path / "report.json"));
  CHECK(entries(folder.path) == 2);
}

TEST_CASE("a ticket is written whole, into folders made for it") {
  const TemporaryFolder base;
  const fs::path folder = base.path / "a/b";
  REQUIRE(write_ticket(folder.string(), two, false) == std::nullopt);
  CHECK(content(folder / "report.md") == "text");
  CHECK(content(folder / "report.json") == "{}");
  CHECK(entries(folder) == 2);
}

TEST_CASE("an older ticket stays, unless forced; other files in the folder do not matter") {
  const TemporaryFolder base;
  std::ofstream(base.path / "notes.txt") << "mine";
  REQUIRE(write_ticket(base.path, {{"report.json", "old"}}, false) == std::nullopt);
  const auto error = write_ticket(base.path, two, false);
  REQUIRE(error);
  CHECK(error->find("--force") != std::string::npos);
  CHECK(content(base.path / "report.json") == "old");
  CHECK(entries(base.path) == 2);
  CHECK(write_ticket(base.path, two, true) == std::nullopt);
  CHECK(content(base.path / "report.json") == "{}");
  CHECK(content(base.path / "notes.txt") == "mine");
}

TEST_CASE("where nothing can be written nothing stays, folders included") {
  const TemporaryFolder base;
  const fs::path folder = base.path / "a/b";
  const auto error = write_ticket(folder.string(), {{"no/such", "x"}}, false);
  REQUIRE(error);
  CHECK(error->find("No such file") != std::string::npos);
  CHECK(error->find("nothing was saved") != std::string::npos);
  CHECK(entries(base.path) == 0);
}

TEST_CASE("what fits is saved, and the user is told what is missing") {
  const TemporaryFolder base;
  const auto error = write_ticket(base.path, {two[0], {"no/such", "x"}, two[1]}, false);
  REQUIRE(error);
  CHECK(error->find("no/such: No such file") != std::string::npos);
  CHECK(error->find("report.json, report.md") != std::string::npos);
  CHECK(content(base.path / "report.md") == "text");
  CHECK(entries(base.path) == 2);
}

TEST_CASE("on a full disk the small files of a ticket stay") {
  const TemporaryFolder base;
  const std::vector<TicketFile> large{{"report.html", std::string(9000, 'x')}, two[0]};
  CHECK(fails_with_file_limit(base.path, large, 4096));
  CHECK(content(base.path / "report.md") == "text");
  CHECK(entries(base.path) == 1);
}

TEST_CASE("half a ticket never stands beside what is left of an older one") {
  const TemporaryFolder base;
  REQUIRE(write_ticket(base.path, {{"report.html", "old"}, {"report.md", "old"}}, false) ==
          std::nullopt);
  const auto error = write_ticket(base.path, {two[0], {"no/such", "x"}}, true);
  REQUIRE(error);
  CHECK(error->find("nothing was saved") != std::string::npos);
  CHECK(content(base.path / "report.md") == "old");
  CHECK(entries(base.path) == 2);
}

TEST_CASE("a slash at the end asks for a folder named after the run") {
  const Endpoint v4{*IpAddress::parse("192.0.2.1"), 22}, v6{*IpAddress::parse("2001:db8::1"), 443};
  const TimePoint at(std::chrono::seconds(1795173600));
  CHECK(ticket_folder("dir", v4, at) == "dir");
  CHECK(ticket_folder("dir/", v4, at) == "dir/hopblame-192.0.2.1-22-2026-11-20T11-20-00Z");
  CHECK(ticket_folder("./", v6, at) == "./hopblame-2001-db8--1-443-2026-11-20T11-20-00Z");
}
