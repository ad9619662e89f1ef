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

  /// A file that could not be written whole gives its room back at once.
  [[nodiscard]] int write(const std::string& temporary, std::string_view bytes) {
    paths_.push_back(temporary);
    const int error = write_whole(temporary, bytes);
    if (error != 0) {
      ::unlink(temporary.c_str());
      paths_.pop_back();
    }
    return error;
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

std::string names_of(const std::vector<const TicketFile*>& files) {
  std::string names;
  for (const auto* file : files) names += (names.empty() ? "" : ", ") + file->name;
  return names;
}

/// The files of one ticket, in its folder.
class Ticket {
 public:
  Ticket(std::string folder, bool force) : folder_(std::move(folder)), force_(force) {}

  /// As many as fit, the most telling first: from the capture the others can be made again.
  [[nodiscard]] std::optional<std::string> save(const std::vector<TicketFile>& files) {
    Folders folders;
    if (const int error = folders.make(fs::path(folder_)))
      return fmt::format("cannot make the folder {}: {}", folder_, error_text(error));
    // Beside what is left of an older ticket half of a new one would mislead.
    const bool all_or_nothing = ticket_in_the_way(folder_).has_value();
    Files made;
    std::vector<const TicketFile*> fitting;
    std::optional<std::string> missing;
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
      const int error = made.write(temporary(*file), file->bytes);
      if (error == 0)
        fitting.push_back(&*file);
      else if (!missing)
        missing = fmt::format("cannot write {}: {}", own(*file), error_text(error));
    }
    if (missing && (all_or_nothing || fitting.empty())) return *missing + "; nothing was saved";
    for (const auto* file : fitting)
      if (const int error = made.rename(temporary(*file), own(*file), force_))
        return error == EEXIST ? in_the_way(own(*file)) : cannot_write(own(*file), error);
    made.keep();
    folders.keep();
    if (missing) *missing += fmt::format("; all that was saved is {}", names_of(fitting));
    return missing;
  }

 private:
  [[nodiscard]] std::string own(const TicketFile& file) const {
    return (fs::path(folder_) / file.name).string();
  }
  [[nodiscard]] std::string temporary(const TicketFile& file) const {
    return (fs::path(folder_) / ("." + file.name + ".new" + std::to_string(getpid()))).string();
  }

  std::string folder_;
  bool force_;
};

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
  return Ticket(folder, force).save(files);
}

}  // namespace hopblame
