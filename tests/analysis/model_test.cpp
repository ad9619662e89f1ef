// The vocabulary and the plain values.

#include <arpa/inet.h>

#include <set>

#include "analysis/model/message.hpp"
#include "analysis/model/path.hpp"
#include "analysis/model/probe.hpp"
#include "analysis/model/refusals.hpp"
#include "analysis/model/services.hpp"
#include "analysis/model/words.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

TEST_CASE("Addresses read and print in their canonical form") {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1",
                           "fe80::1", "::ffff:192.0.2.1", "2001:db8:0:1:1:1:1:1"}) {
    const auto address = IpAddress::parse(text);
    REQUIRE(address);
    CHECK(to_string(*address) == text);
  }
  CHECK(to_string(*IpAddress::parse("2001:0DB8:0:0:0:0:0:1")) == "2001:db8::1");
  CHECK(IpAddress::parse("192.0.2.1")->octets().size() == 4);
  CHECK(IpAddress::parse("::1")->octets().size() == 16);
  CHECK(IpAddress::v4(0xc0000201) == IpAddress::parse("192.0.2.1"));
}

TEST_CASE("Addresses print as inet_ntop prints them, wherever their zeros are") {
  for (const auto family : {AF_INET, AF_INET6})
    for (unsigned zeros = 0; zeros < 65536; ++zeros) {
      IpAddress address;
      address.family = family == AF_INET ? Family::ipv4 : Family::ipv6;
      for (std::size_t i = 0; i < address.octets().size(); ++i)
        address.bytes[i] = static_cast<std::uint8_t>(zeros >> i & 1 ? 0 : zeros + 37 * i);
      std::array<char, INET6_ADDRSTRLEN> text{};
      REQUIRE(inet_ntop(family, address.bytes.data(), text.data(), text.size()) != nullptr);
      REQUIRE(to_string(address) == text.data());
    }
}

TEST_CASE("What is no address is not read as one") {
  for (const char* text :
       {"", " ", "192.0.2", "192.0.2.256", "192.0.2.1 ", "192.0.2.1/24", "0300.0.2.1", "1.2.3.4.5",
        "fe80::1%eth0", "2001:db8::1::2", ":::", "12345::", "localhost"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0x", 11)));
}

TEST_CASE("An IPv6 address never equals the IPv4 address whose bytes it starts with") {
  const auto v4 = *IpAddress::parse("32.1.13.184");
  const auto v6 = *IpAddress::parse("2001:db8::");
  CHECK(v4 != v6);
}

TEST_CASE("Special addresses are recognised") {
  const auto is = [](const char* text) { return *IpAddress::parse(text); };
  CHECK(is("0.0.0.0").is_unspecified());
  CHECK(is("::").is_unspecified());
  CHECK_FALSE(is("::1").is_unspecified());
  CHECK(is("127.8.9.1").is_loopback());
  CHECK(is("::1").is_loopback());
  CHECK_FALSE(is("128.0.0.1").is_loopback());
  CHECK(is("224.0.0.1").is_multicast());
  CHECK(is("239.255.255.255").is_multicast());
  CHECK_FALSE(is("240.0.0.1").is_multicast());
  CHECK(is("ff02::1").is_multicast());
  CHECK(is("169.254.1.1").is_link_local());
  CHECK(is("fe80::1").is_link_local());
  CHECK(is("febf::1").is_link_local());
  CHECK_FALSE(is("fec0::1").is_link_local());
}

namespace {

/// Every word is there, unlike the others, and leads back to its value.
template <class Values, class Back>
void check_words(Values values, std::size_t size, Back back) {
  CHECK(values.size() == size);
  std::set<std::string_view> words;
  for (const auto value : values) {
    const auto word = to_string(value);
    CHECK(word != "?");
    CHECK(words.insert(word).second);
    CHECK(back(word) == value);
  }
  CHECK_FALSE(back("no-such-word"));
}

}  // namespace

TEST_CASE("Every enumerator has a word of its own and a way back") {
  check_words(all_outcomes(), static_cast<std::size_t>(Outcome::inconclusive) + 1, outcome);
  check_words(all_mechanisms(), static_cast<std::size_t>(Mechanism::listening) + 1, mechanism);
  check_words(all_caveats(), static_cast<std::size_t>(CaveatId::two_owners) + 1, caveat);
}

TEST_CASE("The words of culprits, confidences, flow states and families") {
  for (const auto kind : {CulpritKind::destination, CulpritKind::router, CulpritKind::between,
                          CulpritKind::this_host, CulpritKind::none, CulpritKind::unknown})
    CHECK(to_string(kind) != "?");
  CHECK(to_string(CulpritKind::this_host) == "this-host");
  CHECK(to_string(Confidence::weak) == "weak");
  CHECK(to_string(Confidence::strong) == "strong");
  CHECK(to_string(Confidence::certain) == "certain");
  CHECK(std::string_view(to_string(FlowState::passes)) == "passes");
  CHECK(std::string_view(to_string(FlowState::answers)) == "answers");
  CHECK(std::string_view(to_string(FlowState::blocked)) == "blocked");
  CHECK(std::string_view(to_string(FlowState::silent)) == "silent");
  CHECK(std::string_view(to_string(FlowState::not_asked)) == "not-asked");
  CHECK(std::string_view(to_string(Family::ipv6)) == "ipv6");
}

TEST_CASE("Probe kinds and aims have words and a way back") {
  for (const auto kind : {ProbeKind::syn, ProbeKind::ack, ProbeKind::fin,
                          ProbeKind::syn_bad_checksum, ProbeKind::echo, ProbeKind::udp})
    CHECK(probe_kind(to_string(kind)) == kind);
  for (const auto aim : {Aim::target, Aim::control, Aim::none})
    CHECK(probe_aim(to_string(aim)) == aim);
  CHECK_FALSE(probe_kind("SYN"));
  CHECK_FALSE(probe_aim(""));
}

TEST_CASE("Refusals in the bytes of a protocol are read, and nothing that looks like them") {
  using namespace std::string_view_literals;
  const auto alert = "\x15\x03\x03\0\x02\x02\x28"sv;
  CHECK(plain_refusal(alert) == PlainRefusal{RefusedBy::tls, 40});
  CHECK_FALSE(plain_refusal("\x15\x03\x03\0\x02\x01\0"sv));    // close_notify
  CHECK_FALSE(plain_refusal("\x15\x03\x03\0\x1a\x02\x28"sv));  // encrypted
  const auto tns = "\0\x60\0\0\x04\0\0\0\x22\0\0\x54(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=12514)(E"sv;
  CHECK(plain_refusal(tns) == PlainRefusal{RefusedBy::oracle, 12514});
  CHECK_FALSE(plain_refusal("\0\x08\0\0\x0b\0\0\0"sv));  // resend
  const auto rdp = "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\3\0\x08\0\x05\0\0\0"sv;
  CHECK(plain_refusal(rdp) == PlainRefusal{RefusedBy::rdp, 5});
  CHECK_FALSE(plain_refusal("\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x08\0\x01\0\0\0"sv));
  const auto ldap =
      "0$\2\1\0x\x1f\x0a\1\x34\4\0\4\0\x8a\x16"
      "1.3.6.1.4.1.1466.20036"sv;
  CHECK(plain_refusal(ldap) == PlainRefusal{RefusedBy::ldap, 52});
  CHECK_FALSE(plain_refusal("0\x0c\2\1\1a\7\x0a\1\0\4\0\4\0"sv));  // bound
  for (const auto words : {alert, tns, rdp, ldap})
    for (std::size_t size = 0; size < 7; ++size) CHECK_FALSE(plain_refusal(words.substr(0, size)));
  CHECK(turns_away(443, alert));
  CHECK_FALSE(may_turn_away(443, true));
  CHECK(says_no(443, alert));
  CHECK_FALSE(says_no(22, alert));  // it answers what was said there
  CHECK(http_status("HTTP/1.1 502 Bad Gateway") == 502);
  CHECK(http_status("HTTP/1.1 5") == 0);
  CHECK(http_status("220 mail") == 0);
}

TEST_CASE("Known services say who speaks first") {
  CHECK(known_service(22)->greeting == "SSH-");
  CHECK(known_service(25)->speaks_first);
  CHECK_FALSE(known_service(443)->speaks_first);
  CHECK_FALSE(known_service(22222));
}

TEST_CASE("what is no text, or a line without end, is no SSH server's beginning") {
  CHECK(greets_as_another_than_ssh(std::string("\x05\0\0\1", 4)));
  CHECK(greets_as_another_than_ssh(std::string(512, 'x')));
  CHECK(greets_as_another_than_ssh("220 mail.example ESMTP\r\n"));
  CHECK_FALSE(greets_as_another_than_ssh("Authorised use only\r\n\tor else\r\n"));
  CHECK_FALSE(greets_as_another_than_ssh("SSH-2.0-OpenSSH_9.2p1\r\n"));
}

TEST_CASE("Segments by their flags") {
  TcpSegment segment;
  segment.flags = tcp_flag::syn;
  CHECK(segment.is_syn());
  CHECK_FALSE(segment.is_syn_ack());
  segment.flags = 0xc2;  // SYN with ECE and CWR (RFC 3168 section 6.1.1)
  CHECK(segment.is_syn());
  segment.flags = tcp_flag::syn | tcp_flag::ack;
  CHECK(segment.is_syn_ack());
  CHECK_FALSE(segment.is_syn());
  segment.flags = tcp_flag::rst | tcp_flag::ack;
  CHECK(segment.is_reset());
  CHECK_FALSE(segment.is_syn_ack());
}

TEST_CASE("Unreadable packets compare by their reason") {
  const std::string copy = "cut";
  CHECK(Unreadable{"cut"} == Unreadable{copy.c_str()});
  CHECK_FALSE(Unreadable{"cut"} == Unreadable{"odd"});
}
