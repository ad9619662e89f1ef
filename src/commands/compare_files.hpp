#pragma once
// Which files are the client's capture and which the server's: tcpdump -C and dumpcap -b cut each
// into several.

#include <string>
#include <variant>
#include <vector>

#include "src/cli/options.hpp"
#include "src/offline/read_file.hpp"

namespace hopblame {

struct FilesOfEnds {
  std::vector<std::string> client, server;  ///< in the order in which they were written

  [[nodiscard]] const std::vector<std::string>& of(CaptureEnd end) const {
    return end == CaptureEnd::server ? server : client;
  }
};

/// Two are one of each end. Of more the names tell; else what to do instead.
[[nodiscard]] std::variant<FilesOfEnds, std::string> files_of_ends(const CompareOptions& options);

/// Empty: the files are the one capture that they are named as.
[[nodiscard]] std::string not_joined(const std::vector<std::string>& files, std::size_t joined);

}  // namespace hopblame
