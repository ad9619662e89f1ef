#include "capture/pcapng/journal.hpp"

#include <algorithm>

#include "capture/pcapng/journal_fields.hpp"

namespace hopblame {
namespace {

constexpr int version = 1;
constexpr const char* version_key = "hopblame_journal";
constexpr std::size_t most_text = std::size_t{16} << 20;

bool is_errno(int error) { return error >= 0 && error <= 4095; }

/// Numbers that later code divides by, loops over or looks up.
bool plausible(const Goal& goal) {
  return goal.max_hops >= 1 && goal.tries >= 1 && goal.rate >= 1 && goal.target.port >= 1;
}

bool plausible(const SshRecord& ssh) {
  return ssh.heard || (ssh.lines == 0 && !ssh.identified && !ssh.answered);
}

/// Each moment comes after others that later code takes for granted.
bool plausible(const ConnectRecord& connect) {
  if (!is_errno(connect.error) || !is_errno(connect.close_error)) return false;
  const SshRecord ssh = connect.ssh.value_or(SshRecord{});
  if (!plausible(ssh) || (ssh.heard && !connect.spoke)) return false;
  if (connect.ended && connect.hung_up) return false;
  return connect.ended || !(connect.spoke || connect.closed || ssh.said);
}

bool plausible(const Run& run) {
  if (!plausible(run.goal) || !is_errno(run.facts.vantage.route_error)) return false;
  if (run.connect && !plausible(*run.connect)) return false;
  const auto sent = [](const SendRecord& record) { return is_errno(record.error); };
  const auto other = [](const OtherAddress& address) {
    return is_errno(address.error.value_or(0));
  };
  return std::all_of(run.sends.begin(), run.sends.end(), sent) &&
         std::all_of(run.others.begin(), run.others.end(), other);
}

}  // namespace

std::string write_journal(const Run& run) {
  journal::Json document = journal::write(run);
  document[version_key] = version;
  return document.dump();
}

std::optional<Run> read_journal(std::string_view text) {
  if (text.size() > most_text) return {};
  const auto document = journal::Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return {};
  int found = 0;
  Run run;
  if (!journal::read_member(document, version_key, found) || found != version) return {};
  if (!journal::read(document, run) || !plausible(run)) return {};
  return run;
}

}  // namespace hopblame
