// The opening of SSH: what is said, and what is made of what comes (RFC 4253).

#include "analysis/plan/ssh_opening.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t segment = 1448;
TimePoint at(Duration since) { return TimePoint(1000s) + since; }

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

std::string packet_of(std::size_t bytes) { return ssh_key_exchange(bytes, "0123456789abcdef"); }

struct Talk {
  SshOpening opening;
  std::vector<std::string> pieces{};
  explicit Talk(bool expected) : opening(expected, "") {}
  void speak(Duration now) {
    for (auto words = opening.next(at(0s), at(now), segment); !words.empty();
         words = opening.next(at(0s), at(now), segment)) {
      opening.said(words.size(), at(now));
      pieces.push_back(words);
    }
  }
};

}  // namespace

TEST_CASE("the KEXINIT is one well-formed packet that fills a segment", "[ssh]") {
  for (std::size_t size = 300; size < 9000; size += 37) {
    const auto packet = packet_of(size);
    INFO(size);
    REQUIRE(packet.size() % 8 == 0);
    REQUIRE(number(packet) == packet.size() - 4);
    const auto padding = static_cast<unsigned char>(packet[4]);
    REQUIRE(padding >= 4);
    if (size >= 1200) {
      CHECK(packet.size() <= size);
      CHECK(packet.size() + 8 > size);
    }
    std::string_view payload = std::string_view(packet).substr(5, packet.size() - 5 - padding);
    REQUIRE(payload.front() == 20);
    payload.remove_prefix(1 + 16);
    for (int list = 0; list < 10; ++list) {
      const auto length = number(payload);
      REQUIRE(length + 4 <= payload.size());
      const auto names = payload.substr(4, length);
      CHECK(names.find(",,") == names.npos);
      CHECK_FALSE((names.starts_with(',') || names.ends_with(',')));
      payload.remove_prefix(4 + length);
    }
    CHECK(payload == std::string_view("\0\0\0\0\0", 5));
  }
}

TEST_CASE("a server with one cipher only finds it in the KEXINIT", "[ssh]") {
  const auto packet = packet_of(segment);
  const std::string only = GENERATE("chacha20-poly1305@openssh.com", "aes128-cbc", "3des-cbc",
                                    "diffie-hellman-group1-sha1", "ssh-rsa",
                                    "sntrup761x25519-sha512@openssh.com", "hmac-sha1");
  INFO(only);
  CHECK(packet.find(only) != packet.npos);
  CHECK(packet_of(0).size() <= 1208);  // one segment where IPv6's least MTU holds
}

TEST_CASE("the identification is a line of RFC 4253", "[ssh]") {
  const auto line = ssh_identification();
  CHECK(line.starts_with("SSH-2.0-"));
  CHECK(line.ends_with("\r\n"));
  CHECK(line.size() <= 255);
}

TEST_CASE("a greeting is answered in two pieces, once", "[ssh]") {
  Talk talk(GENERATE(true, false));
  CHECK(talk.opening.hear("SSH-2.0-Open", at(1ms)) == 12);
  talk.speak(1ms);
  CHECK(talk.pieces.empty());
  CHECK(talk.opening.hear("SSH_9.2\r\n", at(2ms)) == 9);
  talk.speak(2ms);
  REQUIRE(talk.pieces.size() == 2);
  CHECK(talk.pieces[0] == ssh_identification());
  CHECK(talk.pieces[1].size() == segment);
  talk.speak(5s);
  CHECK(talk.pieces.size() == 2);
  const auto record = talk.opening.record();
  REQUIRE(record);
  CHECK(record->identified == at(2ms));
  CHECK(record->said == at(2ms));
  CHECK(record->said_bytes == ssh_identification().size() + segment);
  CHECK_FALSE(record->answered);
}

TEST_CASE("a silent server of ssh is spoken to after a second, any other never", "[ssh]") {
  Talk ssh(true), other(false);
  ssh.speak(999ms);
  CHECK(ssh.pieces.empty());
  ssh.speak(1s);
  other.speak(9s);
  REQUIRE(ssh.pieces.size() == 1);
  CHECK(ssh.pieces[0] == ssh_identification());
  CHECK(other.pieces.empty());
  CHECK_FALSE(other.opening.record());
  (void)ssh.opening.hear("SSH-2.0-late\n", at(3s));
  ssh.speak(3s);
  CHECK(ssh.pieces.size() == 2);
}

TEST_CASE("another service is not spoken to", "[ssh]") {
  Talk talk(true);
  CHECK(talk.opening.hear("220 mail.example ESMTP\r\n", at(1ms)) == 24);
  talk.speak(9s);
  CHECK(talk.pieces.empty());
  CHECK(talk.opening.record()->lines == 1);
}

TEST_CASE("lines may come before the identification", "[ssh]") {
  Talk talk(true);
  const std::string text = "no trespassing\r\n" + std::string(5000, 'x') + "\nSSH-1.99-x\n";
  CHECK(talk.opening.hear(text, at(1ms)) == text.size());
  CHECK(talk.opening.record()->lines == 2);
  CHECK(talk.opening.record()->identified);
}

TEST_CASE("the first packet is whole when its last byte is there", "[ssh]") {
  const auto packet = packet_of(1080);
  Talk talk(true);
  (void)talk.opening.hear("SSH-2.0-x\r\n", at(1ms));
  const auto step = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1000});
  for (std::size_t from = 0; from + 1 < packet.size(); from += step) {
    const auto piece = packet.substr(from, std::min(step, packet.size() - 1 - from));
    REQUIRE(talk.opening.hear(piece, at(2ms)) == 0);
    REQUIRE_FALSE(talk.opening.record()->answered);
  }
  (void)talk.opening.hear(packet.substr(packet.size() - 1), at(3ms));
  CHECK(talk.opening.record()->answered == at(3ms));
}

TEST_CASE("the packet may follow the identification in one piece", "[ssh]") {
  Talk talk(true);
  CHECK(talk.opening.hear("SSH-2.0-x\r\n" + packet_of(1080), at(1ms)) == 11);
  CHECK(talk.opening.record()->answered == at(1ms));
}

TEST_CASE("what is no packet of SSH is an answer all the same", "[ssh]") {
  Talk talk(true);
  (void)talk.opening.hear("SSH-2.0-x\r\nhello, this is no binary packet", at(1ms));
  CHECK(talk.opening.record()->answered);
}
