#pragma once
// The ticket folder: all of its files or none of them, and nothing of the user's overwritten.

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/goal.hpp"

namespace hopblame {

struct TicketFile {
  std::string name, bytes;
};

/// `typed` itself; the folder hopblame-ADDRESS-PORT-TIME inside it when it ends in a slash. Colons
/// become dashes, so that scp and other systems take the name.
[[nodiscard]] std::string ticket_folder(const std::string& typed, const Endpoint& target,
                                        TimePoint started);

/// A file of a ticket that is there already, as one line for the user. To ask before the probing.
[[nodiscard]] std::optional<std::string> ticket_in_the_way(const std::string& folder);

/// Writes every file under a temporary name, then renames them all. What cannot be written, as on
/// a full disk, is left out, the last of `files` going first; nothing stays where nothing fits, or
/// where an older ticket is to be replaced, folders made for it included. The error is one line for
/// the user. With `force`, files of the same names are replaced.
[[nodiscard]] std::optional<std::string> write_ticket(const std::string& folder,
                                                      const std::vector<TicketFile>& files,
                                                      bool force);

}  // namespace hopblame
