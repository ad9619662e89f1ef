// A journal and packets, whatever they hold, as a capture: read, judged and told as `read` does it.
// What is a journal no longer makes it somebody else's capture. How they stand in the input:
// judges_input.hpp.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "analysis/analyse.hpp"
#include "src/offline/read_file.hpp"
#include "src/report/report.hpp"
#include "tests/fuzz/judges_input.hpp"

using namespace hopblame;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// A file in memory, by the name under which anybody can open it.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : file_(memfd_create("capture", MFD_CLOEXEC)) {
    require(write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(file_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

void tell(const Run& run, const Analysis& analysis) {
  const ReportInput input{run, analysis, "read", "0.1.0"};
  const auto code = exit_code(analysis);
  require(code == 0 || code == 1 || code == 3);
  require(render_json(input).starts_with('{'));
  require(!render_text(input, {}).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(to_pcapng(test::judges_recording({data, size})));
  const auto read = read_file({file.path(), {}, {}});
  require(!std::holds_alternative<FileError>(read));
  if (const auto* recorded = std::get_if<Recorded>(&read)) {
    tell(recorded->run, analyse(recorded->run));
    return 0;
  }
  const auto& foreign = *std::get<std::unique_ptr<ForeignCapture>>(read);
  const auto capture = foreign.view(false);
  for (std::size_t i = 0; i < foreign.book.targets().size(); ++i) {
    const auto inspection = offline::inspect(capture, foreign.book.targets()[i]);
    tell(inspection.run, inspection.analysis);
  }
  return 0;
}
