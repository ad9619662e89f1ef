#pragma once
// One capture that was cut into files (tcpdump -C, dumpcap -b), read as the one it is: a connection
// may begin in one file and end in the next. What was not captured between two files would look
// like silence, so that files are joined only where the names and the times both say that they are
// one.

#include <string>
#include <vector>

#include "capture/file_source.hpp"

namespace hopblame {

/// Neighbours in the list that such a tool names alike may be such files: each list of the result
/// holds some that may, in the order of their first packets. A ring that has come round, or
/// a shell that sorts 10 before 2, names them in another order.
[[nodiscard]] std::vector<std::vector<std::string>> possible_series(
    const std::vector<std::string>& paths);

/// A file is read on in the next one where that begins within a second after its end, or, of
/// dumpcap's, has the next number. Packets are counted through. `paths`: at least one.
[[nodiscard]] OpenedFile open_series(const std::vector<std::string>& paths);

}  // namespace hopblame
