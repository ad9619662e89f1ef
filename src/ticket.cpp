#include "src/ticket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "capture/pcapng/recorder.hpp"
#include "capture/system.hpp"
#include "src/report/timestamp.hpp"
#include "src/say.hpp"
#include "src/signals.hpp"

namespace hopblame {
namespace {

namespace fs = std::filesystem;

constexpr std::array ticket_names{"report.html", "report.md", "report.json", "trace.pcapng"};

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string in_the_way(const std::string& path) { return path + " exists; --force replaces it"; }

/// Folders made, outermost first, to be taken away again unless all went well.
class Folders {
 public:
  Folders() = default;
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;
  ~Folders() {
    for (auto made = made_.rbegin(); made != made_.rend(); ++made)
      ::unlinkat(AT_FDCWD, made->c_str(), AT_REMOVEDIR);
  }

  /// An errno.
  [[nodiscard]] int make(const fs::path& folder) {
    if (folder.empty() || exists(folder.string())) return 0;
    if (const int error = make(folder.parent_path())) return error;
    if (::mkdir(folder.c_str(), 0777) != 0) return errno == EEXIST ? 0 : errno;
    made_.push_back(folder.string());
    return 0;
  }
  void keep() { made_.clear(); }

 private:
  std::vector<std::string> made_;
};

/// Files under their temporary names, then under their own; taken away again unless kept.
class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() {
    for (const auto& path : paths_) ::unlink(path.c_str());
  }

  [[nodiscard]] int write(const std::string& temporary, std::string_view bytes) {
    paths_.push_back(temporary);
    return write_whole(temporary, bytes);
  }
  [[nodiscard]] int rename(const std::string& from, const std::string& to, bool force) {
    const int status =
        ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), force ? 0 : RENAME_NOREPLACE);
    int error = status == 0 ? 0 : errno;
    if (error == EINVAL) error = rename_unsurely(from, to);
    if (error == 0) *std::find(paths_.begin(), paths_.end(), from) = to;
    return error;
  }
  void keep() { paths_.clear(); }

 private:
  /// For file systems that cannot promise not to replace.
  static int rename_unsurely(const std::string& from, const std::string& to) {
    if (exists(to)) return EEXIST;
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  }

  std::vector<std::string> paths_;
};

std::string cannot_write(const std::string& path, int error) {
  return fmt::format("cannot write {}: {}; nothing was saved", path, error_text(error));
}

}  // namespace

std::string ticket_folder(const std::string& typed, const Endpoint& target, TimePoint started) {
  if (!typed.ends_with('/')) return typed;
  std::string name = fmt::format("hopblame-{}-{}-{}Z", to_string(target.address), target.port,
                                 timestamp(started).substr(0, 19));
  std::replace(name.begin(), name.end(), ':', '-');
  return typed + name;
}

std::optional<std::string> ticket_in_the_way(const std::string& folder) {
  for (const char* name : ticket_names)
    if (const auto path = (fs::path(folder) / name).string(); exists(path)) return in_the_way(path);
  return std::nullopt;
}

std::optional<std::string> write_ticket(const std::string& folder,
                                        const std::vector<TicketFile>& files, bool force) {
  if (!force)
    if (auto error = ticket_in_the_way(folder)) return error;
  const SignalsWait wait;  // a second signal would leave half a ticket, or hidden files
  Folders folders;
  if (const int error = folders.make(fs::path(folder)))
    return fmt::format("cannot make the folder {}: {}", folder, error_text(error));
  Files written;
  const auto own = [&](const auto& file) { return (fs::path(folder) / file.name).string(); };
  const auto temporary = [&](const auto& file) {
    return (fs::path(folder) / ("." + file.name + ".new" + std::to_string(getpid()))).string();
  };
  for (const auto& file : files)
    if (const int error = written.write(temporary(file), file.bytes))
      return cannot_write(own(file), error);
  for (const auto& file : files)
    if (const int error = written.rename(temporary(file), own(file), force))
      return error == EEXIST ? in_the_way(own(file)) : cannot_write(own(file), error);
  written.keep();
  folders.keep();
  return std::nullopt;
}

}  // namespace hopblame
