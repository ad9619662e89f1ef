#include "analysis/plan/ssh_opening.hpp"

#include <algorithm>
#include <array>

namespace hopblame {
namespace {

constexpr char message_kexinit = 20;
constexpr std::size_t least_padding = 4, most_padding = 255, block = 8;
/// Length of the packet and of its padding: what stands before the payload (RFC 4253 section 6).
constexpr std::size_t packet_head = 5;
/// The longest identification line, CR and LF included (RFC 4253 section 4.2).
constexpr std::size_t longest_line = 255;
/// Beyond this no server sends a packet (OpenSSH: PACKET_MAX_SIZE); it is something else then.
constexpr std::uint32_t longest_packet = 256 * 1024;

constexpr std::string_view private_language = "x-hopblame";

// What the oldest switch and the newest server speak: one with nothing in common hangs up at once
// (RFC 4253 section 7.1), and a working service would look like one that closes.
constexpr std::string_view ciphers =
    "chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr,aes128-gcm@openssh.com,"
    "aes256-gcm@openssh.com,aes128-cbc,aes256-cbc,3des-cbc";
constexpr std::string_view macs =
    "hmac-sha2-256,hmac-sha2-512,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
    "hmac-sha1,hmac-md5";

/// In the order of that section; the languages follow.
constexpr std::array<std::string_view, 8> algorithms{
    "curve25519-sha256,curve25519-sha256@libssh.org,sntrup761x25519-sha512@openssh.com,"
    "mlkem768x25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,"
    "diffie-hellman-group-exchange-sha256,diffie-hellman-group-exchange-sha1,"
    "diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
    "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256,ssh-rsa,ssh-dss",
    ciphers,
    ciphers,
    macs,
    macs,
    "none",
    "none"};

void append_number(std::string& out, std::size_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xff);
}

void append_list(std::string& out, std::string_view names) {
  append_number(out, names.size());
  out += names;
}

std::string payload_of(std::string_view cookie, std::string_view languages) {
  std::string payload(1, message_kexinit);
  payload += cookie;
  payload.resize(1 + 16);
  for (const auto names : algorithms) append_list(payload, names);
  append_list(payload, languages);
  append_list(payload, "");
  payload += '\0';  // no guessed packet follows
  append_number(payload, 0);
  return payload;
}

std::string languages_of(std::size_t room) {
  std::string languages;
  while (languages.size() + 1 + private_language.size() <= room) {
    if (!languages.empty()) languages += ',';
    languages += private_language;
  }
  return languages;
}

/// The whole packet is a multiple of eight bytes; `size` is one.
std::size_t padding_for(std::size_t payload, std::size_t size) {
  const auto least = packet_head + payload + least_padding;
  if (size >= least && size - packet_head - payload <= most_padding)
    return size - packet_head - payload;
  return least_padding + (block - least % block) % block;
}

}  // namespace

std::string ssh_identification() { return "SSH-2.0-hopblame_0.1\r\n"; }

std::string ssh_key_exchange(std::size_t size, std::string_view cookie) {
  size = size / block * block;
  const auto bare = packet_head + payload_of(cookie, "").size() + least_padding;
  const auto payload = payload_of(cookie, languages_of(size > bare ? size - bare : 0));
  const auto padding = padding_for(payload.size(), size);
  std::string packet;
  append_number(packet, 1 + payload.size() + padding);
  packet += static_cast<char>(padding);
  return packet + payload + std::string(padding, '\0');
}

std::size_t SshOpening::hear(std::string_view bytes, TimePoint now) {
  if (!bytes.empty()) record_.heard = now;
  std::size_t text = 0;
  for (const char byte : bytes) {
    if (record_.identified) {
      hear_packet(byte, now);
    } else {
      ++text;
      hear_text(byte, now);
    }
  }
  return text;
}

void SshOpening::hear_text(char letter, TimePoint now) {
  if (letter != '\n') {
    if (line_.size() < longest_line) line_ += letter;
    return;
  }
  if (line_.starts_with("SSH-"))
    record_.identified = now;
  else
    ++record_.lines;
  line_.clear();
}

void SshOpening::hear_packet(char byte, TimePoint now) {
  if (record_.answered) return;
  ++packet_bytes_;
  if (packet_bytes_ <= 4) packet_length_ = packet_length_ << 8 | static_cast<unsigned char>(byte);
  const bool whole = packet_bytes_ >= 4 && packet_bytes_ - 4 >= packet_length_;
  const bool implausible = packet_bytes_ == 4 && packet_length_ > longest_packet;
  if (whole || implausible) record_.answered = now;
}

std::string SshOpening::next(TimePoint connected, TimePoint now, std::size_t segment) const {
  const bool silent = expected_ && !record_.heard && now >= connected + ssh_speaks_anyway;
  if (pieces_said_ == 0 && (record_.identified || silent)) return ssh_identification();
  if (pieces_said_ == 1 && record_.identified) return ssh_key_exchange(segment, cookie_);
  return {};
}

void SshOpening::said(std::size_t bytes, TimePoint now) {
  ++pieces_said_;
  if (!record_.said) record_.said = now;
  record_.said_bytes += static_cast<std::uint32_t>(bytes);
}

std::optional<SshRecord> SshOpening::record() const {
  if (!expected_ && !record_.identified) return {};
  return record_;
}

}  // namespace hopblame
