#include "src/report/refusal_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "analysis/model/refusals.hpp"
#include "analysis/model/services.hpp"

namespace hopblame {
namespace {

struct Meaning {
  std::uint32_t code;
  std::string_view name, means = {};
};

constexpr std::string_view its_certificate = "it does not accept the client's certificate";

/// RFC 8446 section 6, RFC 5246 section 7.2, RFC 7301 section 3.2.
constexpr Meaning alerts[] = {
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {22, "record_overflow"},
    {40, "handshake_failure", "there is no cipher, curve or certificate that both accept"},
    {42, "bad_certificate", its_certificate},
    {43, "unsupported_certificate", its_certificate},
    {44, "certificate_revoked", its_certificate},
    {45, "certificate_expired", its_certificate},
    {46, "certificate_unknown", its_certificate},
    {47, "illegal_parameter"},
    {48, "unknown_ca", its_certificate},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version", "there is no version of TLS that both speak"},
    {71, "insufficient_security", "what the client offers is too weak for it"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name", "it does not serve the name that the client asks for (SNI)"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required", "it wants a certificate of the client"},
    {120, "no_application_protocol", "there is no protocol that both speak inside TLS (ALPN)"},
};

/// Oracle Database Error Messages, of the listener.
constexpr Meaning listener_errors[] = {
    {12505, "", "it does not know the SID that was asked for"},
    {12514, "", "it does not know the service that was asked for"},
    {12516, "", "no handler that fits is ready: the instance has no room"},
    {12518, "", "it could not hand the connection on"},
    {12519, "", "no handler that fits is ready: the instance has no room"},
    {12520, "", "no handler of the wanted kind is ready: the instance has no room"},
    {12526, "", "the instance takes privileged users only"},
    {12528, "", "the instance takes no new connections"},
};

/// [MS-RDPBCGR] section 2.2.1.2.2.
constexpr Meaning rdp_failures[] = {
    {1, "SSL_REQUIRED_BY_SERVER", "it takes TLS only"},
    {2, "SSL_NOT_ALLOWED_BY_SERVER", "it is set to take no TLS"},
    {3, "SSL_CERT_NOT_ON_SERVER", "it has no certificate for TLS"},
    {4, "INCONSISTENT_FLAGS"},
    {5, "HYBRID_REQUIRED_BY_SERVER", "it takes only clients that log in first (NLA, CredSSP)"},
    {6, "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER", "it takes TLS with a client's certificate only"},
};

/// RFC 4511 appendix A.
constexpr Meaning ldap_results[] = {
    {1, "operationsError"},
    {2, "protocolError", "it does not understand the client"},
    {8, "strongerAuthRequired", "it wants a stronger login"},
    {51, "busy", "it has no room at this time"},
    {52, "unavailable", "it is going down, or is not ready"},
    {53, "unwillingToPerform"},
    {80, "other"},
};

/// RFC 9110 section 15, of a proxy.
constexpr Meaning proxy_answers[] = {
    {403, "", "its rules forbid that"},
    {407, "", "it wants a login first"},
    {502, "", "it got no connection, or nothing that it understands, from there"},
    {503, "", "it has no room, or does not find or reach that host"},
    {504, "", "nothing came from there in time"},
};

Meaning meaning_of(std::span<const Meaning> table, std::uint32_t code) {
  const auto known = std::ranges::find(table, code, &Meaning::code);
  return known == table.end() ? Meaning{code, ""} : *known;
}

std::string ending(const Meaning& meaning) {
  return meaning.means.empty() ? "." : fmt::format(": {}.", meaning.means);
}

std::string named(std::string_view what, std::span<const Meaning> table, std::uint32_t code) {
  const auto meaning = meaning_of(table, code);
  return fmt::format("{} {}{}{}", what, code,
                     meaning.name.empty() ? "" : fmt::format(" ({})", meaning.name),
                     ending(meaning));
}

std::string of_protocol(const PlainRefusal& refusal) {
  switch (refusal.by) {
    case RefusedBy::tls: return named("In words: the fatal TLS alert", alerts, refusal.code);
    case RefusedBy::oracle:
      return fmt::format("In words: the Oracle listener refuses with ORA-{:05}{}", refusal.code,
                         ending(meaning_of(listener_errors, refusal.code)));
    case RefusedBy::rdp:
      return named("In words: the failure of negotiation of RDP", rdp_failures, refusal.code);
    case RefusedBy::ldap:
      return named("In words: the LDAP server's notice of disconnection, with result", ldap_results,
                   refusal.code);
    default: return {};
  }
}

std::string of_proxy(unsigned status) {
  return fmt::format("In words: the proxy does not connect on{}",
                     ending(meaning_of(proxy_answers, status)));
}

}  // namespace

bool is_stopped_by_proxy(const Run& run) {
  if (!run.connect || !run.connect->to_proxy) return false;
  return http_status(run.connect->greeting) >= 300;
}

std::string refusal_sentence(const Run& run) {
  if (!run.connect || !run.connect->spoke) return {};
  const std::string_view words = run.connect->greeting;
  if (is_stopped_by_proxy(run)) return of_proxy(http_status(words));
  return says_no(run.goal.target.port, words) ? of_protocol(plain_refusal(words)) : "";
}

}  // namespace hopblame
