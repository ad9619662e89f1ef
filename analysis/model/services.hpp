#pragma once
// Which services are expected on a port, and which of them speak first (their protocol begins with
// a greeting of the server: RFC 4253 section 4.2, RFC 5321 section 3.1, RFC 959, RFC 1939, RFC 9051
// ...).

#include <cstdint>
#include <span>
#include <string_view>

namespace hopblame {

struct KnownService {
  std::string_view name;
  bool speaks_first = false;
  std::string_view greeting;  ///< how its first line begins; empty: anything
  bool refuses = false;  ///< waits for its client, and may say in answer that it lets nobody in
};

/// None where a port is nobody's in particular.
[[nodiscard]] const KnownService* known_service(std::uint16_t port);
/// Does it begin as some service other than ssh does?
[[nodiscard]] bool greets_as_another_than_ssh(std::string_view text);

/// What servers say when they turn a client away before their protocol starts (measured with
/// OpenSSH 9.2 and 9.8).
[[nodiscard]] bool turns_away(std::uint16_t port, std::string_view greeting);
/// Its first words may do so. Those of a service that waits for the client, said when that has
/// `asked` for something, are an answer, but for a few that say so plainly.
[[nodiscard]] inline bool may_turn_away(std::uint16_t port, bool asked) {
  const auto* service = asked ? known_service(port) : nullptr;
  return !service || service->speaks_first || service->refuses;
}
/// It does so in the bytes of its protocol, where that may be the service of the port: the client
/// has asked, and this is no answer.
[[nodiscard]] bool says_no(std::uint16_t port, std::string_view words);
/// Both begin as the same services do, turn away alike and ask alike.
[[nodiscard]] bool is_read_alike(std::string_view one, std::string_view other);
/// Of words that turn a client away: it has no room for it, or bans it; else there is another
/// reason (no grant, not ready, unwanted).
[[nodiscard]] bool says_it_is_full(std::string_view greeting);
/// A request of HTTP to connect on (RFC 9110 section 9.3.6).
[[nodiscard]] inline bool asks_proxy(std::string_view text) { return text.starts_with("CONNECT "); }
/// How a request of HTTP or TLS begins, where `text` is the start of one; else empty.
[[nodiscard]] std::string_view question_in(std::string_view text);
/// Most of what a client says after the server's FIN only says goodbye (QUIT, LOGOUT, Terminate, a
/// TLS alert, HTTP/2 GOAWAY): this is more, as far as the protocol is known and plain. `text` is
/// the beginning of `payload` bytes.
[[nodiscard]] bool is_question(std::uint16_t port, std::span<const std::uint8_t> text,
                               std::uint32_t payload);
/// A client that begins with these words waits for an answer. On ports that nobody knows they may
/// also be a log or a file, which nobody answers.
[[nodiscard]] bool must_be_answered(std::uint16_t port, std::string_view words);

/// A service that greets always does so at once; a look-up of the client's name may delay it by 5 s
/// (TCP wrappers, measured), so silence counts only after this.
inline constexpr int greeting_seconds = 6;
/// Many programs that ask give up after half a minute.
inline constexpr int answer_seconds = 30;

}  // namespace hopblame
