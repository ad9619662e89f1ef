#include "analysis/model/services.hpp"

#include <algorithm>
#include <array>

namespace hopblame {
namespace {

struct Entry {
  std::uint16_t port;
  KnownService service;
};

constexpr std::array services{
    Entry{21, {"ftp", true, "220"}},         Entry{22, {"ssh", true, "SSH-"}},
    Entry{25, {"smtp", true, "220"}},        Entry{53, {"domain", false, ""}},
    Entry{80, {"http", false, ""}},          Entry{110, {"pop3", true, "+OK"}},
    Entry{143, {"imap", true, "* OK"}},      Entry{389, {"ldap", false, ""}},
    Entry{443, {"https", false, ""}},        Entry{465, {"smtps", false, ""}},
    Entry{587, {"submission", true, "220"}}, Entry{636, {"ldaps", false, ""}},
    Entry{873, {"rsync", true, "@RSYNCD:"}}, Entry{993, {"imaps", false, ""}},
    Entry{995, {"pop3s", false, ""}},        Entry{1433, {"mssql", false, ""}},
    Entry{3306, {"mysql", true, ""}},        Entry{3389, {"rdp", false, ""}},
    Entry{5432, {"postgresql", false, ""}},  Entry{5900, {"vnc", true, "RFB "}},
    Entry{6379, {"redis", false, ""}},       Entry{8080, {"http", false, ""}},
    Entry{8443, {"https", false, ""}},
};

}  // namespace

std::optional<KnownService> known_service(std::uint16_t port) {
  const auto found = std::ranges::find(services, port, &Entry::port);
  if (found == services.end()) return {};
  return found->service;
}

bool greets_as_another_than_ssh(std::string_view text) {
  return std::ranges::any_of(services, [&](const Entry& entry) {
    const auto& known = entry.service;
    return !known.greeting.empty() && known.name != "ssh" && text.starts_with(known.greeting);
  });
}

}  // namespace hopblame
