#include "src/commands/printed.hpp"

#include <fmt/format.h>

#include <cctype>

#include "src/commands/connect_errors.hpp"

namespace hopblame {
namespace {

constexpr Article login_refused{
    "the service does not let this user in",
    "The connection works: the server speaks, and refuses who wants to log in. Neither the network "
    "nor a firewall has to do with it.",
    "A whole conversation; the port is open.", "The owner of the account, or of the server.",
    "See with ssh -v which keys are offered, and on the server what its log says of the user."};

constexpr Article no_such_name{
    "no address is known for the name",
    "The name was not resolved, so no connection was tried. It may be mistyped, or the name server "
    "does not answer or does not know it.",
    "DNS only: no packet goes to the host.",
    "The user for a wrong name; else who runs the name server.",
    "See what getent ahosts NAME says, and which name server /etc/resolv.conf gives."};

constexpr Article no_reason_given{
    "the program does not say why it was not connected",
    "Refused, rejected or unreachable: curl prints the same for all of them. After a few "
    "milliseconds it was most likely refused.",
    "A RST or an ICMP message answers the SYN.", "Whoever hopblame names.",
    "Run hopblame HOST PORT: it tells which of them it is, and who answers so."};

constexpr Printed printed[] = {
    {"connection-refused", Outcome::refused},
    {"econnrefused", Outcome::refused},
    {"actively-refused-it", Outcome::refused},
    {"connection-timed-out", Outcome::dropped},
    {"operation-timed-out", Outcome::dropped},
    {"etimedout", Outcome::dropped},
    {"timed-out", Outcome::dropped},
    {"timeout", Outcome::dropped},
    {"connection-timed-out-during-banner-exchange", Outcome::silent_service},
    {"tls-handshake-timeout", Outcome::silent_service},
    {"read-timed-out", Outcome::silent_service},
    {"read-timeout", Outcome::silent_service},
    {"bytes-received", Outcome::silent_service},  // curl: "Operation timed out after ..."
    {"read-error-(connection-timed-out", Outcome::silent_service},
    {"no-route-to-host", Outcome::unreachable},
    {"ehostunreach", Outcome::unreachable},
    {"host-is-down", Outcome::unreachable},
    {"ehostdown", Outcome::unreachable},
    {"machine-is-not-on-the-network", Outcome::unreachable},
    {"enonet", Outcome::unreachable},
    {"network-is-unreachable", &connect_error::no_route},
    {"enetunreach", &connect_error::no_route},
    {"permission-denied", &connect_error::forbidden},
    {"eacces", &connect_error::forbidden},
    {"protocol-not-available", &connect_error::rare_message},
    {"enoprotoopt", &connect_error::rare_message},
    {"operation-not-supported", &connect_error::rare_message},
    {"eopnotsupp", &connect_error::rare_message},
    {"eproto", &connect_error::rare_message},
    {"message-too-long", &connect_error::too_long},
    {"emsgsize", &connect_error::too_long},
    {"connection-reset-by-peer", Outcome::closed_early},
    {"connection-reset", Outcome::closed_early},
    {"connection-closed", Outcome::closed_early},
    {"econnreset", Outcome::closed_early},
    {"broken-pipe", Outcome::closed_early},
    {"epipe", Outcome::closed_early},
    {"empty-reply-from-server", Outcome::closed_early},
    {"exceeded-maxstartups", Mechanism::connection_limit},
    {"not-allowed-at-this-time", Mechanism::connection_limit},
    {"invalid-argument", Outcome::local},
    {"einval", Outcome::local},
    {"operation-not-permitted", Outcome::local},
    {"eperm", Outcome::local},
    {"network-is-down", Mechanism::local_interface},
    {"enetdown", Mechanism::local_interface},
    {"cannot-assign-requested-address", &connect_error::no_local_port},
    {"eaddrnotavail", &connect_error::no_local_port},
    {"address-already-in-use", &connect_error::address_taken},
    {"eaddrinuse", &connect_error::address_taken},
    {"no-buffer-space-available", &connect_error::queue_full},
    {"enobufs", &connect_error::queue_full},
    {"cannot-allocate-memory", &connect_error::queue_full},
    {"enomem", &connect_error::queue_full},
    {"no-such-device", &connect_error::no_such_link},
    {"enodev", &connect_error::no_such_link},
    {"enxio", &connect_error::no_such_link},
    {"too-many-open-files", &connect_error::too_many_files},
    {"emfile", &connect_error::too_many_files},
    {"enfile", &connect_error::too_many_files},
    {"software-caused-connection-abort", &connect_error::ended_here},
    {"econnaborted", &connect_error::ended_here},
    {"required-key-not-available", &connect_error::no_peer_key},
    {"enokey", &connect_error::no_peer_key},
    {"destination-address-required", &connect_error::no_peer_endpoint},
    {"edestaddrreq", &connect_error::no_peer_endpoint},
    {"address-family-not-supported", &connect_error::no_such_family},
    {"eafnosupport", &connect_error::no_such_family},
    {"resource-temporarily-unavailable", &connect_error::given_up},
    {"eagain", &connect_error::given_up},
    {"ewouldblock", &connect_error::given_up},
    {"operation-now-in-progress", &connect_error::given_up},
    {"einprogress", &connect_error::given_up},
    {"operation-already-in-progress", &connect_error::given_up},
    {"ealready", &connect_error::given_up},
    {"interrupted-system-call", &connect_error::given_up},
    {"eintr", &connect_error::given_up},
    {"transport-endpoint-is-already-connected", &connect_error::wrong_call},
    {"eisconn", &connect_error::wrong_call},
    {"socket-operation-on-non-socket", &connect_error::wrong_call},
    {"enotsock", &connect_error::wrong_call},
    {"bad-file-descriptor", &connect_error::wrong_call},
    {"ebadf", &connect_error::wrong_call},
    {"bad-address", &connect_error::wrong_call},
    {"efault", &connect_error::wrong_call},
    {"protocol-wrong-type-for-socket", &connect_error::wrong_call},
    {"eprototype", &connect_error::wrong_call},
    {"protocol-not-supported", &connect_error::wrong_call},
    {"eprotonosupport", &connect_error::wrong_call},
    {"socket-type-not-supported", &connect_error::wrong_call},
    {"esocktnosupport", &connect_error::wrong_call},
    {"permission-denied-(publickey", &login_refused},
    {"permission-denied-(password", &login_refused},
    {"permission-denied-(keyboard-interactive", &login_refused},
    {"permission-denied-(gssapi", &login_refused},
    {"permission-denied,-please-try-again", &login_refused},
    {"could-not-resolve-host", &no_such_name},
    {"could-not-resolve-hostname", &no_such_name},
    {"name-or-service-not-known", &no_such_name},
    {"temporary-failure-in-name-resolution", &no_such_name},
    {"no-such-host", &no_such_name},
    {"couldn't-connect-to-server", &no_reason_given},
};

/// "eproto" is none of "RemoteProtocolError"; the rest of a message may be part of a longer word.
bool is_whole(std::string_view line, std::size_t at, std::string_view words) {
  const bool is_errno = words.front() == 'e' && words.find('-') == std::string_view::npos;
  const auto is_letter = [&](std::size_t place) {
    return place < line.size() && std::isalpha(static_cast<unsigned char>(line[place])) != 0;
  };
  return !is_errno || !((at > 0 && is_letter(at - 1)) || is_letter(at + words.size()));
}

}  // namespace

std::span<const Printed> printed_by_programs() { return printed; }

const Printed* printed_in(std::string_view line) {
  const Printed* best = nullptr;
  std::pair<std::size_t, std::size_t> best_rank{};
  for (const auto& message : printed) {
    const auto at = line.rfind(message.words);
    if (at == std::string_view::npos || !is_whole(line, at, message.words)) continue;
    const std::pair rank{at + message.words.size(), message.words.size()};
    if (best == nullptr || rank > best_rank) best = &message, best_rank = rank;
  }
  return best;
}

std::string kind_of(const Printed& message) {
  if (const auto* outcome = std::get_if<Outcome>(&message.means))
    return fmt::format("what programs say when the outcome is \"{}\"", to_string(*outcome));
  if (const auto* mechanism = std::get_if<Mechanism>(&message.means))
    return fmt::format("what programs say where the cause is \"{}\"", to_string(*mechanism));
  return "what programs say";
}

const Article& article_of(const Printed& message) {
  if (const auto* outcome = std::get_if<Outcome>(&message.means)) return article(*outcome);
  if (const auto* mechanism = std::get_if<Mechanism>(&message.means)) return article(*mechanism);
  return *std::get<const Article*>(message.means);
}

}  // namespace hopblame
