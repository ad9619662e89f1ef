#pragma once
// A run to a pcapng and back. The same function analyses both, so the verdict is the same.

#include <string>
#include <variant>
#include <vector>

#include "analysis/model/run.hpp"
#include "capture/file_source.hpp"
#include "capture/pcapng/recorder.hpp"

namespace hopblame {

/// The bytes of the file.
[[nodiscard]] std::string save_run(const Run& run, const std::vector<StoredFrame>& frames);

/// A capture without a journal of ours: somebody else's, or one of ours cut short.
struct Foreign {
  std::string damage;  ///< one line; empty: the file is whole
};

/// A damaged file gives what could be read of it, with `facts.truncated`; without its journal,
/// which stands at the end, it is Foreign.
[[nodiscard]] std::variant<Run, Foreign, FileError> load_run(const std::string& path);

}  // namespace hopblame
