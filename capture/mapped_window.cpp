#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "capture/byte_window.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

/// What is mapped now, for the handler of SIGBUS; an end of 0: free.
struct Guarded {
  std::atomic<std::uintptr_t> begin{0}, end{0};
  std::atomic<bool> taken{false}, torn{false};
};
constinit std::array<Guarded, 64> all_guarded;  // files open at once; more are read into buffers

std::uintptr_t page_size() {
  static const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

/// A page that is not there any more (mmap(2), SIGBUS): a ring of captures begins its oldest file
/// anew, a disk is pulled out. mmap() is a bare system call, so it may be called here.
void put_zeros(int, siginfo_t* fault, void*) {
  const int error = errno;
  const auto at = reinterpret_cast<std::uintptr_t>(fault->si_addr);
  for (auto& guarded : all_guarded) {
    if (at < guarded.begin || at >= guarded.end) continue;
    guarded.torn = true;
    void* const page = reinterpret_cast<void*>(at & ~(page_size() - 1));
    const auto how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (::mmap(page, page_size(), PROT_READ, how, -1, 0) == MAP_FAILED) break;
    errno = error;
    return;
  }
  ::signal(SIGBUS, SIG_DFL);  // not ours: it comes again
}

void catch_page_faults() {
  static const bool done = [] {
    struct sigaction action {};
    action.sa_sigaction = put_zeros;
    action.sa_flags = SA_SIGINFO;
    return page_size() > 0 && ::sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  static_cast<void>(done);
}

Guarded* free_place() {
  for (auto& guarded : all_guarded)
    if (!guarded.taken.exchange(true)) return &guarded;
  return nullptr;
}

class MappedWindow final : public ByteWindow {
 public:
  MappedWindow(Descriptor file, std::size_t piece, Guarded& guarded)
      : file_(std::move(file)), piece_(piece), guarded_(guarded) {}
  ~MappedWindow() override {
    unmap();
    guarded_.torn = guarded_.taken = false;
  }
  MappedWindow(const MappedWindow&) = delete;
  MappedWindow& operator=(const MappedWindow&) = delete;

  Bytes slide(std::size_t used, std::size_t least) override {
    place_ += used;
    const auto size = error_ == 0 && !is_torn() ? length() : 0;
    if (size <= place_) return {};
    const auto start = place_ & ~(page_size() - 1), within = place_ - start;
    if (end_ < size || end_ <= place_) map(start, std::max(piece_, within + least), size);
    if (begin_ == nullptr) return {};
    return {begin_ + (place_ - start_), end_ - place_};
  }

  std::string error() const override {
    if (error_ != 0) return error_text(error_);
    return is_torn() ? "the file became shorter, or its disk failed, while it was read" : "";
  }

  /// Whether there is a first page, or nothing to map.
  [[nodiscard]] bool works() { return !slide(0, 1).empty(); }

 private:
  [[nodiscard]] bool is_torn() const { return guarded_.torn; }

  [[nodiscard]] std::uint64_t length() {
    struct stat found {};
    if (::fstat(file_.get(), &found) != 0 || !S_ISREG(found.st_mode)) return 0;
    const auto size = static_cast<std::uint64_t>(found.st_size);
    if (size < end_) guarded_.torn = true;
    return is_torn() ? 0 : size;
  }

  /// All pages at once: a fault for each sixteen of them costs more than the copy that is saved.
  void map(std::uint64_t start, std::uint64_t most, std::uint64_t size) {
    unmap();
    const auto length = std::min(most, size - start);
    void* const found = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file_.get(),
                               static_cast<off_t>(start));
    if (found == MAP_FAILED) {
      error_ = errno;
      return;
    }
    begin_ = static_cast<const std::uint8_t*>(found);
    start_ = start;
    end_ = start + length;
    guarded_.begin = reinterpret_cast<std::uintptr_t>(found);
    guarded_.end = guarded_.begin + length;
  }

  void unmap() {
    guarded_.end = guarded_.begin = 0;
    if (begin_ != nullptr) ::munmap(const_cast<std::uint8_t*>(begin_), end_ - start_);
    begin_ = nullptr;
  }

  Descriptor file_;
  std::uint64_t piece_;
  Guarded& guarded_;
  const std::uint8_t* begin_ = nullptr;  ///< of the mapping, which is start_..end_ of the file
  std::uint64_t start_ = 0, end_ = 0;
  std::uint64_t place_ = 0;  ///< of the view, in the file
  int error_ = 0;
};

}  // namespace

std::unique_ptr<ByteWindow> mapped(const std::string& path, std::size_t piece) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return nullptr;
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return nullptr;
  Guarded* const guarded = free_place();
  if (guarded == nullptr) return nullptr;
  catch_page_faults();
  auto window = std::make_unique<MappedWindow>(std::move(file), piece, *guarded);
  if (!window->works()) return nullptr;
  return window;
}

}  // namespace hopblame
