#include "analysis/model/services.hpp"

#include <algorithm>
#include <array>

#include "analysis/model/refusals.hpp"

namespace hopblame {
namespace {

struct Entry {
  std::uint16_t port;
  KnownService service;
};

/// By port.
constexpr std::array services{
    Entry{21, {"ftp", true, "220"}},
    Entry{22, {"ssh", true, "SSH-"}},
    Entry{25, {"smtp", true, "220"}},
    Entry{53, {"domain", false, ""}},
    Entry{80, {"http", false, ""}},
    Entry{110, {"pop3", true, "+OK"}},
    Entry{143, {"imap", true, "* OK"}},
    Entry{389, {"ldap", false, ""}},
    Entry{443, {"https", false, ""}},
    Entry{465, {"smtps", false, ""}},
    Entry{587, {"submission", true, "220"}},
    Entry{636, {"ldaps", false, ""}},
    Entry{873, {"rsync", true, "@RSYNCD:"}},
    Entry{993, {"imaps", false, ""}},
    Entry{995, {"pop3s", false, ""}},
    Entry{1433, {"mssql", false, ""}},
    Entry{3306, {"mysql", true, ""}},
    Entry{3389, {"rdp", false, ""}},
    Entry{5432, {"postgresql", false, "", true}},
    Entry{5900, {"vnc", true, "RFB "}},
    Entry{6379, {"redis", false, "", true}},
    Entry{8080, {"http", false, ""}},
    Entry{8443, {"https", false, ""}},
};

/// Where each stands, plus one: asked once for every connection of a capture.
constexpr auto by_port = [] {
  std::array<std::uint8_t, services.back().port + 1> places{};
  for (std::size_t i = 0; i < services.size(); ++i)
    places.at(services.at(i).port) = static_cast<std::uint8_t>(i + 1);
  return places;
}();

/// The first packet of a MySQL server: three bytes of length, its number 0, then 0xff for an error
/// instead of the version (too many connections, host blocked or not allowed).
bool is_mysql_error(std::string_view greeting) {
  return greeting.size() > 4 && greeting[3] == '\0' && greeting[4] == '\xff';
}

/// An error of PostgreSQL (its documentation, section 55.8; the codes in appendix A): too many
/// connections, or a client that its access list does not know. Other errors answer the client.
bool is_postgres_refusal(std::string_view greeting) {
  using namespace std::string_view_literals;
  const auto says = [&](std::string_view text) { return greeting.find(text) != greeting.npos; };
  return says("FATAL\0"sv) && (says("\0C53300\0"sv) || says("pg_hba.conf"));
}

/// RFC 5321 section 4.2.1 and RFC 959 for 4yz and 5yz replies, RFC 1939 section 3 and RFC 3501
/// section 7.1.5 for what takes the place of the greeting.
bool refuses_as(const KnownService& service, std::string_view greeting) {
  if (service.refuses)
    return greeting.starts_with("-ERR max number of clients") || greeting.starts_with("-DENIED") ||
           is_postgres_refusal(greeting);
  if (service.greeting == "220") return greeting.starts_with("421") || greeting.starts_with("5");
  if (service.name == "pop3") return greeting.starts_with("-ERR");
  if (service.name == "imap") return greeting.starts_with("* BYE");
  return service.name == "mysql" && is_mysql_error(greeting);
}

/// What stands behind `phrase`; empty where that is not there.
std::string_view after(std::string_view text, std::string_view phrase) {
  const auto at = text.find(phrase);
  return at == text.npos ? std::string_view{} : text.substr(at + phrase.size());
}

/// OpenSSH; servers of mail and databases, memcached, VNC ("Too" or "too"); MySQL (1129, whatever
/// the port). Each look costs as much.
bool holds_refusal(std::string_view greeting) {
  constexpr std::array of_what{"connections", "open connections", "security fail"};
  const auto many = after(greeting, "oo many ");
  const bool full =
      std::ranges::any_of(of_what, [&](std::string_view what) { return many.starts_with(what); });
  constexpr std::array phrases{"Exceeded MaxStartups", "Not allowed at this time"};
  return full || after(greeting, "is blocked").starts_with(" because of") ||
         std::ranges::any_of(phrases, [&](std::string_view phrase) {
           return greeting.find(phrase) != std::string_view::npos;
         });
}

/// Redis: QUIT; PostgreSQL: Terminate; MySQL: COM_QUIT, alone in the first packet of a command.
bool says_goodbye(const KnownService& service, std::string_view words) {
  if (service.name == "redis") return words.find("QUIT") != words.npos;
  if (service.name == "postgresql") return words.starts_with('X');
  return words.size() < 5 || words[3] != '\0' || words[4] == '\1';
}

/// TLS: the type of a handshake, then the version (RFC 8446 section 5.1); HTTP: RFC 9110 section 9.
constexpr std::array<std::string_view, 7> questions{"\x16\x03", "GET ",     "POST ",   "HEAD ",
                                                    "PUT ",     "OPTIONS ", "CONNECT "};

}  // namespace

const KnownService* known_service(std::uint16_t port) {
  const std::size_t place = port < by_port.size() ? by_port[port] : 0;
  return place == 0 ? nullptr : &services[place - 1].service;
}

bool says_no(std::uint16_t port, std::string_view words) {
  const auto refusal = plain_refusal(words);
  const auto* service = refusal ? known_service(port) : nullptr;
  return refusal && !(service && service->speaks_first);
}

bool turns_away(std::uint16_t port, std::string_view greeting) {
  if (holds_refusal(greeting) || says_no(port, greeting)) return true;
  const auto service = known_service(port);
  return service && refuses_as(*service, greeting);
}

bool is_read_alike(std::string_view one, std::string_view other) {
  const auto same = [&](const Entry& entry) {
    const auto& service = entry.service;
    return one.starts_with(service.greeting) == other.starts_with(service.greeting) &&
           refuses_as(service, one) == refuses_as(service, other);
  };
  return std::ranges::all_of(services, same) && holds_refusal(one) == holds_refusal(other) &&
         says_it_is_full(one) == says_it_is_full(other) && question_in(one) == question_in(other) &&
         plain_refusal(one) == plain_refusal(other) && http_status(one) == http_status(other);
}

bool says_it_is_full(std::string_view greeting) {
  // MySQL 1040 and 1129, OpenSSH, Redis, PostgreSQL (its code), servers of mail and FTP in words of
  // their own.
  constexpr std::array phrases{
      "MaxStartups", "Not allowed at this time", "oo many", "max number", "C53300",
      "aximum",      "is blocked because of"};
  if (greeting.starts_with("421")) return true;
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    return greeting.find(phrase) != std::string_view::npos;
  });
}

std::string_view question_in(std::string_view text) {
  for (const std::string_view start : questions)
    if (text.size() > start.size() && text[0] == start[0] && text.starts_with(start)) return start;
  return {};
}

/// In TLS what is clearly longer than a goodbye may be a question (RFC 8446 section 5.1: 23 is
/// application data).
bool is_question(std::uint16_t port, std::span<const std::uint8_t> text, std::uint32_t payload) {
  constexpr std::uint8_t application_data = 23;
  constexpr std::uint32_t longest_goodbye = 64;
  if (!text.empty() && text.front() == application_data) return payload > longest_goodbye;
  const std::string_view words(reinterpret_cast<const char*>(text.data()), text.size());
  if (!question_in(words).empty()) return true;
  const auto service = known_service(port);
  if (!service || words.empty()) return false;
  const bool plain =
      service->name == "redis" || service->name == "postgresql" || service->name == "mysql";
  return plain && !says_goodbye(*service, words);
}

bool must_be_answered(std::uint16_t port, std::string_view words) {
  const auto service = known_service(port);
  if (!service || service->name.starts_with("http")) return !question_in(words).empty();
  return !service->speaks_first;
}

bool greets_as_another_than_ssh(std::string_view text) {
  // Lines before the identification are text (RFC 4253 section 4.2), and not as long as this.
  constexpr std::size_t longest_line = 500;
  const auto is_no_text = [](char c) {
    return c >= 0 && c < ' ' && c != '\r' && c != '\n' && c != '\t';
  };
  if (std::ranges::any_of(text, is_no_text)) return true;
  if (text.size() > longest_line && text.find('\n') == text.npos) return true;
  return std::ranges::any_of(services, [&](const Entry& entry) {
    const auto& known = entry.service;
    return !known.greeting.empty() && known.name != "ssh" && text.starts_with(known.greeting);
  });
}

}  // namespace hopblame
