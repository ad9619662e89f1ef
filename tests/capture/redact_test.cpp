#include <algorithm>
#include <set>

#include "capture/checksum.hpp"
#include "capture/redact/frame_redaction.hpp"
#include "capture/redact/names.hpp"
#include "capture/transport.hpp"
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

#ifdef HOPBLAME_NETTLE

using namespace hopblame;
using namespace hopblame::test;

namespace {

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

constexpr CryptoPan::Key some_key{21,  34, 23,  141, 51, 164, 207, 128, 19,  10,  91,
                                  22,  73, 144, 125, 16, 216, 152, 143, 131, 121, 121,
                                  101, 39, 98,  87,  76, 45,  42,  132, 34,  2};

Scrambler scrambler() { return Scrambler::with(some_key).value(); }

StoredFrame stored(int link_type, const Packet& bytes) {
  return {{}, link_type, static_cast<std::uint32_t>(bytes.size()), bytes, "from the outside"};
}

Observation seen(const StoredFrame& frame) {
  return decode({FrameId{1}, frame.at, frame.link_type, frame.original_length, frame.bytes});
}

bool holds(const Packet& bytes, std::span<const std::uint8_t> part) {
  return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

void scramble(Flow& flow, const Scrambler& with) {
  flow.source.address = with(flow.source.address);
  flow.destination.address = with(flow.destination.address);
}

/// What redaction should make of an observation.
Observation expected(Observation before, const Scrambler& with) {
  scramble(before.flow, with);
  if (before.link)
    for (auto* address : {&before.link->from, &before.link->to})
      address->bytes = with(address->bytes);
  if (auto* error = std::get_if<IcmpError>(&before.message))
    if (error->quote) scramble(error->quote->flow, with);
  auto* tcp = std::get_if<TcpSegment>(&before.message);
  if (tcp != nullptr && before.flow.source.port > before.flow.destination.port)
    std::fill(tcp->text.begin(), tcp->text.end(), std::uint8_t{0});
  if (auto* neighbour = std::get_if<NeighbourMessage>(&before.message))
    neighbour->target = with(neighbour->target);
  return before;
}

/// Checksums of UDP follow the addresses, and a quote may hold one.
void forget_checksums(Observation& observation) {
  if (auto* udp = std::get_if<UdpDatagram>(&observation.message)) udp->checksum = 0;
  if (auto* error = std::get_if<IcmpError>(&observation.message))
    if (error->quote && error->quote->udp_checksum) error->quote->udp_checksum = 0;
}

/// What is left of `text` in a segment between these ports.
std::string kept_text(std::uint16_t source, std::uint16_t destination, const std::string& text) {
  StoredFrame frame = stored(raw, tcp_segment(source, destination, {}, text));
  redact(frame, scrambler());
  const auto words = std::get<TcpSegment>(seen(frame).message).text;
  CHECK(words.size() == std::min(text.size(), most_text));
  const std::string kept(words.begin(), words.end());
  return kept.substr(0, kept.find('\0'));
}

/// What is left of these bytes as the options of a segment.
Packet kept_options(const Packet& options) {
  StoredFrame frame = stored(raw, tcp_segment(40001, 22, options, ""));
  redact(frame, scrambler());
  return {frame.bytes.begin() + 40, frame.bytes.end()};
}

}  // namespace

TEST_CASE("no key leaves a prefix what it was") {
  int same_network = 0;
  for (unsigned number = 0; number < 2000; ++number) {
    auto key = some_key;
    key[3] = static_cast<std::uint8_t>(number);
    key[20] = static_cast<std::uint8_t>(number >> 8);
    const auto with = Scrambler::with(key).value();
    const auto out = with(ip("198.51.100.6"));
    same_network += out.bytes[0] == 198 && out.bytes[1] == 51 && out.bytes[2] == 100;
    CHECK(with(ip("198.51.100.6")) != ip("198.51.100.6"));
  }
  CHECK(same_network <= 4);  // of thirteen bits each may stay: one key in 8192, not one in sixty
}

TEST_CASE("special addresses stay what they are, public ones stay public") {
  const auto with = scrambler();
  for (const char* same : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "224.0.0.251", "::", "::1",
                           "ff02::1", "ff02::2"})
    CHECK(to_string(with(ip(same))) == same);
  const auto begins = [&](const char* address, const std::string& start) {
    CAPTURE(address);
    CHECK(to_string(with(ip(address))).starts_with(start));
    CHECK(with(ip(address)) != ip(address));
  };
  begins("10.1.2.3", "10.");
  begins("192.168.17.4", "192.168.");
  begins("169.254.7.7", "169.254.");
  begins("fe80::5054:ff:fe12:3456", "fe80::");
  begins("fd12:3456::1", "fd");
  CHECK(with(ip("2001:db8::1")).bytes[0] >> 5 == 1);  // 2000::/3
  begins("64:ff9b::c000:201", "64:ff9b::");
  begins("ff02::1:ff12:3456", "ff02::1:ff");
}

TEST_CASE("no public address becomes a special one, and no two become the same") {
  const auto with = scrambler();
  std::set<IpAddress> seen_already;
  std::uint32_t number = 1;
  for (int i = 0; i < 3000; ++i) {
    const IpAddress address = IpAddress::v4(number = number * 1664525u + 1013904223u);
    const bool special = to_string(address).starts_with("10.") || kept_bits(address) == 32;
    const IpAddress out = with(address);
    if (!special) CHECK_FALSE(to_string(out).starts_with("10."));
    CHECK(out.is_multicast() == address.is_multicast());
    CHECK(out.is_loopback() == address.is_loopback());
    CHECK(kept_bits(out) == kept_bits(address));
    CHECK(seen_already.insert(out).second);
  }
}

TEST_CASE("neighbours stay neighbours") {
  const auto with = scrambler();
  const auto one = with(ip("203.0.113.10")), other = with(ip("203.0.113.20"));
  CHECK(std::equal(one.bytes.begin(), one.bytes.begin() + 3, other.bytes.begin()));
  CHECK(with(ip("203.0.114.10")).bytes[2] != one.bytes[2]);
}

TEST_CASE("every kind of packet says the same of other addresses, and none of its own is left") {
  const auto with = scrambler();
  for (const auto& named : golden_packets()) {
    CAPTURE(named.name);
    StoredFrame frame = stored(named.link_type, named.bytes);
    const auto before = seen(frame);
    redact(frame, with);
    CHECK(frame.comment.empty());
    CHECK(frame.bytes.size() == named.bytes.size());
    for (const char* address : {client, server, router, client6, server6, router6})
      CHECK_FALSE(holds(frame.bytes, ip(address).octets()));
    auto after = seen(frame), wanted = expected(before, with);
    forget_checksums(after);
    forget_checksums(wanted);
    if (std::holds_alternative<Unreadable>(before.message)) continue;
    CHECK(after == wanted);
  }
}

TEST_CASE("addresses of the link are replaced, in every link layer") {
  const auto with = scrambler();
  for (const auto& named : in_every_link_layer(syn_v4(), 0x0800)) {
    CAPTURE(named.name);
    StoredFrame frame = stored(named.link_type, named.bytes);
    const auto before = seen(frame);
    redact(frame, with);
    CHECK(seen(frame) == expected(before, with));
    if (named.link_type == 1) {
      CHECK_FALSE(holds(frame.bytes, std::span(named.bytes).first(6)));
      CHECK_FALSE(holds(frame.bytes, std::span(named.bytes).subspan(6, 6)));
    }
  }
}

TEST_CASE("checksums are right afterwards, also those within quotes") {
  const auto with = scrambler();
  StoredFrame frame = stored(raw, icmp_error_v4(11, 0, syn_v4(), 1000));
  redact(frame, with);
  const Bytes packet(frame.bytes);
  constexpr std::uint32_t right = 0xffff;
  CHECK(ones_sum(packet.first(20)) == right);        // IP
  CHECK(ones_sum(packet.subspan(20)) == right);      // ICMP
  CHECK(ones_sum(packet.subspan(28, 20)) == right);  // the quoted IP
  StoredFrame syn = stored(raw, syn_v4());
  redact(syn, with);
  const Bytes bytes(syn.bytes);
  const auto length = static_cast<std::uint32_t>(bytes.size() - 20);
  CHECK(ones_sum(bytes.subspan(12), 6 + length) == right);
}

TEST_CASE("a wrong checksum stays wrong") {
  const auto with = scrambler();
  Packet bytes = syn_v4();
  bytes[36] ^= 0x55;
  StoredFrame frame = stored(raw, bytes);
  redact(frame, with);
  const Bytes packet(frame.bytes);
  CHECK(ones_sum(packet.subspan(12), static_cast<std::uint32_t>(6 + packet.size() - 20)) != 0xffff);
}

TEST_CASE("a checksum that a device was to finish stays one") {
  const auto with = scrambler();
  Packet bytes = syn_v4();
  const Bytes made(bytes);
  const auto length = static_cast<std::uint32_t>(bytes.size() - 20);
  const auto sum = pseudo_header_sum(ones_sum(made.subspan(12, 8)), 6, length);
  bytes[36] = static_cast<std::uint8_t>(sum >> 8);
  bytes[37] = static_cast<std::uint8_t>(sum);
  StoredFrame frame = stored(raw, bytes);
  redact(frame, with);
  const Bytes packet(frame.bytes);
  CHECK(pseudo_header_sum(ones_sum(packet.subspan(12, 8)), 6, length) ==
        packet[36] * 256u + packet[37]);
}

TEST_CASE("what cannot be read is blanked, at every length and with every byte changed") {
  const auto with = scrambler();
  for (const auto& named : golden_packets()) {
    for (std::size_t cut = 0; cut <= named.bytes.size(); ++cut) {
      StoredFrame frame = stored(named.link_type, named.bytes);
      frame.bytes.resize(cut);
      redact(frame, with);
      CHECK(frame.bytes.size() == cut);
      for (const char* address : {client, server, router, client6, server6, router6})
        if (holds(frame.bytes, ip(address).octets())) FAIL(named.name << " cut at " << cut);
    }
    for (std::size_t at = 0; at < named.bytes.size(); ++at) {
      StoredFrame frame = stored(named.link_type, named.bytes);
      frame.bytes[at] ^= 0xff;
      redact(frame, with);
    }
  }
}

TEST_CASE("of the options of TCP stay those that are numbers of the connection") {
  const Packet usual = Packet{2, 4, 5, 0xb4, 4, 2, 8, 10} + Packet(8, 7) + Packet{1, 3, 3, 7};
  CHECK(kept_options(usual) == usual);
  const Packet sack = Packet{1, 1, 5, 10} + Packet(8, 9);
  CHECK(kept_options(sack) == sack);
  const Packet add_address{30, 8, 0x31, 2, 192, 0, 2, 7};  // RFC 8684 section 3.4.1
  CHECK(kept_options(add_address + sack) == Packet(8, 1) + sack);
  const Packet join = Packet{30, 12, 0x10, 2} + Packet(8, 9);  // section 3.2
  CHECK(kept_options(join) == join);
  CHECK(kept_options({8, 8, 192, 0, 2, 7, 0, 0}) == Packet(8, 1));  // timestamps have ten bytes
  CHECK(kept_options({0, 192, 0, 2}) == Packet(4, 0));
  CHECK(kept_options({1, 77, 0, 192}) == Packet(4, 1));
  CHECK(kept_options({1, 77, 200, 192}) == Packet(4, 1));
}

TEST_CASE("of words stay a greeting and how a request begins") {
  CHECK(kept_text(22, 40001, "SSH-2.0-OpenSSH_9.2p1\r\n") == "SSH-2.0-OpenSSH_9.2p1\r\n");
  CHECK(kept_text(40001, 22, "secret of the client") == "");
  CHECK(kept_text(40001, 80, "GET /secret HTTP/1.1\r\n") == "GET ");
  CHECK(kept_text(80, 40001, "GET /secret HTTP/1.1\r\n") == "GET ");  // a client all the same
  StoredFrame quote =
      stored(raw, icmp_error_v4(11, 0, tcp_segment(22, 40001, {}, "SSH-2.0-OpenSSH_9.2p1"), 1000));
  redact(quote, scrambler());
  CHECK_FALSE(holds(quote.bytes, Packet{'S', 'S', 'H'}));
}

TEST_CASE("nothing stays of an extension header that is cut off") {
  for (std::size_t kept = 1; kept < 8; ++kept) {
    Packet bytes = syn_v6();
    bytes[6] = 0;  // hop-by-hop options
    bytes.resize(40);
    bytes = bytes + Packet(kept, 0xab);
    StoredFrame frame = stored(raw, bytes);
    redact(frame, scrambler());
    CHECK_FALSE(holds(frame.bytes, Packet{0xab}));
  }
}

TEST_CASE("names in greetings are crossed out, protocol words stay") {
  CHECK(without_names("220 mail.example.com ESMTP Postfix\r\n") ==
        "220 xxxx.xxxxxxx.xxx ESMTP Postfix\r\n");
  CHECK(without_names("220 mail ESMTP") == "220 xxxx ESMTP");
  CHECK(without_names("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n") ==
        "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n");
  CHECK(without_names("SSH-2.0-dropbear_2022.83\r\n") == "SSH-2.0-dropbear_2022.83\r\n");
  CHECK(without_names("SSH-2.0-Secret_10.77.3.2 host-db1\r\nmore") ==
        "SSH-2.0-xxxxxx_xx.xx.x.x xxxx-xxx\r\nmore");
  CHECK(without_names("wait\r\nSSH-2.0-Acme\r\n") == "wait\r\nSSH-2.0-xxxx\r\n");
  CHECK(without_names("SSH-") == "SSH-");
  CHECK(without_names("Not allowed at this time") == "Not allowed at this time");
  CHECK(without_names("421 Too many from [192.0.2.7]") == "421 Too many from [xxx.x.x.x]");
  CHECK(without_names("refused 2001:db8::7.") == "refused xxxx:xxx::x.");
}

TEST_CASE("the name that was typed stays nowhere in what a service says") {
  auto with = scrambler();
  with.hide("srv.corp.example");
  const auto hidden = [&](const char* text) { return without_names(text, with.hidden()); };
  CHECK(hidden("220 (srv) ready on srv") == "220 (xxx) ready on xxx");
  CHECK(hidden("220 srv FTP (SRV) ready") == "220 xxx FTP (xxx) ready");
  CHECK(hidden("SSH-2.0-OpenSSH_9.2p1 srv\r\n") == "SSH-2.0-OpenSSH_9.2p1 xxx\r\n");
  CHECK(hidden("* OK srv-db01 for user@corp") == "* OK xxx-db01 for user@xxxx");
  CHECK(hidden("220 x srvice") == "220 x srvice");
  StoredFrame frame = stored(raw, tcp_segment(21, 40001, {}, "220 (srv) ready"));
  redact(frame, with);
  CHECK_FALSE(holds(frame.bytes, Packet{'s', 'r', 'v'}));
}

TEST_CASE("a host called like a word of its protocol does not change what is read") {
  auto with = scrambler();
  for (const char* host : {"ssh.not", "ok", "220", "get", "192.0.2.1", "a..b", ""}) with.hide(host);
  const auto hidden = [&](const char* text) { return without_names(text, with.hidden()); };
  CHECK(hidden("SSH-2.0-OpenSSH_9.2p1 ssh\r\n") == "SSH-2.0-OpenSSH_9.2p1 xxx\r\n");
  CHECK(hidden("Not allowed at this time") == "Not allowed at this time");
  CHECK(hidden("* OK ready, ok") == "* OK ready, xx");
  CHECK(hidden("220 ready, 220 2") == "220 xxxxx, xxx 2");
  CHECK(hidden("GET /") == "GET /");
}

#else

TEST_CASE("redaction") { WARN("skipped: built without nettle"); }

#endif
