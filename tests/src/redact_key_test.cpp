#include "src/redact.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

const std::string digits = "000102030405060708090a0b0c0d0e0fF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";

}  // namespace

TEST_CASE("a key is 64 hexadecimal digits, with white space around them") {
  const auto key = key_of(digits);
  REQUIRE(key);
  CHECK((*key)[1] == 0x01);
  CHECK((*key)[31] == 0xff);
  CHECK(key_of(" \t" + digits + "\r\n") == key);
}

TEST_CASE("anything else is no key") {
  for (const std::string& bad :
       {std::string(), std::string(" \n"), digits.substr(1), digits + "0", "0x" + digits.substr(2),
        "-1" + digits.substr(2), digits.substr(0, 30) + "  " + digits.substr(32),
        digits + "\n" + digits, std::string(64, '\0'), std::string(64, 'g')})
    CHECK_FALSE(key_of(bad));
}

TEST_CASE("a file that is no key is refused") {
  OutputOptions output;
  for (const char* path : {"/no/such/file", "/dev/null", "/dev/zero", "/"}) {
    output.redact_key = path;
    CHECK_FALSE(scrambler_for(output));
  }
}

#ifdef HOPBLAME_NETTLE
TEST_CASE("every run without a key file has a key of its own") {
  const auto one = scrambler_for({}), other = scrambler_for({});
  REQUIRE((one && other));
  const auto address = *IpAddress::parse("2001:db8:1:2:3:4:5:6");
  CHECK((*one)(address) != (*other)(address));
}
#endif
