#pragma once
// A run to a pcapng and back. The same function analyses both, so the verdict is the same.

#include <string>
#include <variant>

#include "capture/file_source.hpp"
#include "src/recorded.hpp"
#include "src/report/annotate.hpp"

namespace hopblame {

/// The bytes of the file; `with` is what it says to a reader, and takes no part in the verdict.
[[nodiscard]] std::string save_run(const Recorded& recorded, const Annotations& with = {});

/// A frame as it is kept to be saved again.
[[nodiscard]] StoredFrame stored(const Frame& frame);

/// A capture without a journal of ours: somebody else's, or one of ours cut short.
struct Foreign {
  std::string damage;  ///< one line; empty: the file is whole
};

/// A damaged file gives what could be read of it, with `facts.truncated`; without its journal,
/// which stands at the end, it is Foreign. Comments on frames are left out: they are made anew.
[[nodiscard]] std::variant<Recorded, Foreign, FileError> load_run(const std::string& path);

}  // namespace hopblame
