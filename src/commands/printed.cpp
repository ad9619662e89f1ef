#include "src/commands/printed.hpp"

#include <fmt/format.h>

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
    {"network-is-unreachable", Outcome::unreachable},
    {"enetunreach", Outcome::unreachable},
    {"permission-denied", Outcome::rejected},
    {"connection-reset-by-peer", Outcome::closed_early},
    {"connection-reset", Outcome::closed_early},
    {"connection-closed", Outcome::closed_early},
    {"econnreset", Outcome::closed_early},
    {"broken-pipe", Outcome::closed_early},
    {"empty-reply-from-server", Outcome::closed_early},
    {"exceeded-maxstartups", Mechanism::connection_limit},
    {"not-allowed-at-this-time", Mechanism::connection_limit},
    {"invalid-argument", Outcome::local},
    {"operation-not-permitted", Outcome::local},
    {"network-is-down", Outcome::local},
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

}  // namespace

std::span<const Printed> printed_by_programs() { return printed; }

const Printed* printed_in(std::string_view line) {
  const Printed* best = nullptr;
  std::pair<std::size_t, std::size_t> best_rank{};
  for (const auto& message : printed) {
    const auto at = line.rfind(message.words);
    if (at == std::string_view::npos) continue;
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
