// A RST may say why it was sent (RFC 9293 section 3.5.3): shown as words of whoever made it.

#include "analysis/verdict/reset_words.hpp"

#include "analysis/analyse.hpp"
#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Reply reset_with(std::string_view text) {
  Reply reset;
  reset.segment = TcpSegment{};
  reset.segment->text.assign(text.begin(), text.end());
  reset.segment->payload = static_cast<std::uint32_t>(text.size());
  return reset;
}

std::string words_in(const Reply& reset) {
  const auto words = words_of(reset);
  if (!words) return "";
  const auto text = words->text.str();
  return text.substr(text.find('"'));
}

/// All that the first explanation rests on.
std::string reasons(const std::string& lines) {
  const auto analysis = analyse(run_of(lines));
  std::string all;
  for (const auto& evidence : analysis.verdict.explanations.at(0).because)
    all += evidence.text.str() + ' ';
  return all;
}

}  // namespace

TEST_CASE("The words of a RST are quoted in characters that can be shown") {
  CHECK(words_in(reset_with("BIG-IP: [0x2b4] Port denied")) == "\"BIG-IP: [0x2b4] Port denied\"");
  CHECK(words_in(reset_with("no `id` \"here\"\x1b[2J\r\n")) == "\"no .id. .here..[2J\"");
  CHECK(words_in(reset_with(std::string("denied\0\0", 8))) == "\"denied\"");
}

TEST_CASE("A RST without words, or with what nobody can read, is not quoted") {
  CHECK(words_in(reset_with("")) == "");
  CHECK(words_in(reset_with("\x82\x01\x00\x04\xff")) == "");
  CHECK(words_in(Reply{}) == "");
}

TEST_CASE("Words of which the capture holds the start alone end in dots") {
  auto reset = reset_with("No flow found");
  reset.segment->payload = 400;
  CHECK(words_in(reset) == "\"No flow found...\"");
}

TEST_CASE("A RST to the SYN that says why: the report has its words") {
  const auto lines =
      "0 syn target < rst-ack ttl=61 text=BIG-IP:_[0x2b4]_Port_denied\n" + closed_control(4);
  CHECK_THAT(reasons(lines), mentions("BIG-IP: .0x2b4. Port denied"));
}

TEST_CASE("A RST that ends a connection and says why: the report has its words") {
  CHECK_THAT(reasons("0 syn target < syn-ack ttl=61\n"
                     "0.1 connect returns=0 closed=rst-ack < syn-ack ttl=61 < rst-ack ttl=61 "
                     "after=0.02 text=No_available_pool_member\n" +
                     closed_control(4)),
             mentions("No available pool member"));
}

TEST_CASE("A window that may be a reset code of a NetScaler says so, and blames nobody else") {
  const auto lines = [](int window) {
    return "0 syn target < rst-ack ttl=61 win=" + std::to_string(window) + "\n" + closed_control(4);
  };
  CHECK_THAT(reasons(lines(9700)), mentions("NetScaler"));
  CHECK_THAT(reasons(lines(512)), !mentions("NetScaler"));
}
