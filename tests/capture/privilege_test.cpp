#include "capture/privilege.hpp"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

struct Ending {
  std::string said;
  int status = 0;
};

/// Runs `act` in a child process without privileges; what it returns comes back by a pipe.
Ending confined(const std::function<std::string()>& act) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    const bool dropped = !drop_privileges().has_value();
    const std::string text = dropped ? act() : "not dropped";
    const auto written = write(ends[1], text.data(), text.size());
    _exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  Ending ending;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    ending.said.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  waitpid(child, &ending.status, 0);
  return ending;
}

std::string own_status() {
  std::ifstream file("/proc/self/status");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

bool killed_by_filter(const Ending& ending) {
  return WIFSIGNALED(ending.status) && WTERMSIG(ending.status) == SIGSYS;
}

}  // namespace

TEST_CASE("nothing is left to take") {
  const auto ending = confined(own_status);
  for (const char* set : {"CapPrm", "CapEff", "CapAmb", "CapInh"})
    CHECK(has_line(ending.said, std::string(set) + ":\t0000000000000000"));
  CHECK(has_line(ending.said, "NoNewPrivs:\t1"));
  CHECK(has_line(ending.said, "Seccomp:\t2"));
}

TEST_CASE("starting a program or a process is deadly") {
  CHECK(killed_by_filter(confined([] {
    execl("/bin/true", "true", nullptr);
    return std::string("lived");
  })));
  CHECK(killed_by_filter(confined([] {
    if (fork() == 0) _exit(0);
    return std::string("lived");
  })));
}

TEST_CASE("a call nobody thought of fails and does not kill") {
  const auto ending = confined([] {
    const int result = chdir("/");
    return std::to_string(result) + " " + (errno == EPERM ? "EPERM" : "other");
  });
  CHECK(ending.said == "-1 EPERM");
}

TEST_CASE("threads still work") {
  const auto ending = confined([] {
    std::string text = "not run";
    std::thread([&text] { text = "run"; }).join();
    return text;
  });
  CHECK(ending.said == "run");
}

TEST_CASE("files can still be written") {
  const std::string path = "/tmp/hopblame-privilege-test." + std::to_string(getpid());
  const auto ending = confined([&path] {
    std::ofstream(path) << "text";
    std::string text;
    std::ifstream(path) >> text;
    return text;
  });
  CHECK(ending.said == "text");
  unlink(path.c_str());
}

TEST_CASE("the command that grants permission names this program") {
  const auto text = how_to_grant({});
  CHECK(text.rfind("grant it with: sudo setcap cap_net_raw+ep /", 0) == 0);
  CHECK(text.find("test_capture") != std::string::npos);
}

TEST_CASE("where setcap does not help, what does is said") {
  for (const auto& bounds : {PrivilegeBounds{false, true}, PrivilegeBounds{true, false},
                             PrivilegeBounds{false, false}}) {
    const auto text = how_to_grant(bounds);
    CHECK(text.find("would not help here") != std::string::npos);
    CHECK(text.find("docker") < text.find("elsewhere grant it with: sudo setcap"));
  }
  CHECK(how_to_grant({false, true}).find("--cap-add=NET_RAW") != std::string::npos);
  CHECK(how_to_grant({true, false}).find("no_new_privs") != std::string::npos);
}

TEST_CASE("the bounds are those of this process") {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::uint64_t bounding = 0;
  int no_new_privileges = 0;
  while (status >> word)
    if (word == "CapBnd:")
      status >> std::hex >> bounding >> std::dec;
    else if (word == "NoNewPrivs:")
      status >> no_new_privileges;
  constexpr unsigned net_raw = 13;  // capabilities(7)
  CHECK(privilege_bounds().raw_sockets == ((bounding >> net_raw & 1) != 0));
  CHECK(privilege_bounds().by_executing == (no_new_privileges == 0));
}
