#include "src/report/document.hpp"
#include "src/report/refusal_words.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::string_view_literals;

namespace {

cases::Case said(std::uint16_t port, std::string_view words, bool to_proxy = false) {
  auto shown = cases::open();
  shown.run.goal.target.port = port;
  auto& connect = shown.run.connect.emplace();
  connect.ended = connect.spoke = TimePoint{};
  connect.greeting = words;
  connect.to_proxy = to_proxy;
  return shown;
}

bool says(std::uint16_t port, std::string_view words, std::string_view meaning) {
  return refusal_sentence(said(port, words).run).find(meaning) != std::string::npos;
}

}  // namespace

TEST_CASE("What a service says in bytes when it refuses is told in words") {
  CHECK(says(443, "\x15\3\3\0\2\2\x28"sv, "alert 40 (handshake_failure): there is no cipher"));
  CHECK(says(8883, "\x15\3\1\0\2\2\x70"sv, "112 (unrecognized_name)"));
  CHECK(says(443, "\x15\3\1\0\2\2\xff"sv, "alert 255."));
  CHECK(says(1521, "\0\x60\0\0\4\0\0\0\x22\0\0\x54(DESCRIPTION=(ERR=12514)("sv,
             "ORA-12514: it does"));
  CHECK(says(1521, "\0\x60\0\0\4\0\0\0\x22\0\0\x54(DESCRIPTION=(ERR=1153)("sv, "ORA-01153."));
  CHECK(says(3389, "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\3\0\x08\0\5\0\0\0"sv, "5 (HYBRID_REQUIRED"));
  CHECK(says(389,
             "0$\2\1\0x\x1f\x0a\1\x34\4\0\4\0\x8a\x16"
             "1.3.6.1.4.1.1466.20036"sv,
             "with result 52 (unavailable)"));
  CHECK(refusal_sentence(said(22, "SSH-2.0-x\r\n").run).empty());
  CHECK(refusal_sentence(said(22, "\x15\3\3\0\2\2\x28"sv).run).empty());
}

TEST_CASE("A proxy that did not connect on is asked why") {
  const auto failed = said(3128, "HTTP/1.1 504 Gateway Timeout\r\n"sv, true);
  CHECK(refusal_sentence(failed.run).find("nothing came from there") != std::string::npos);
  CHECK(next_steps(failed.input()).size() == 2);
  for (const auto& other : {said(3128, "HTTP/1.1 200 OK\r\n"sv, true),
                            said(3128, "HTTP/1.1 504 Gateway Timeout\r\n"sv)}) {
    CHECK(refusal_sentence(other.run).empty());
    CHECK(next_steps(other.input()).empty());
  }
}
