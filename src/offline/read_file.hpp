#pragma once
// A capture into memory: one of our own as it was recorded, anybody else's as targets.

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "analysis/offline/inspect.hpp"
#include "capture/bpf.hpp"
#include "capture/file_source.hpp"
#include "capture/redact/scrambler.hpp"
#include "src/recorded.hpp"

namespace hopblame {

struct ReadRequest {
  std::string path;    ///< "-": standard input
  std::string filter;  ///< pcap-filter(7)
  std::optional<IpAddress> local;
  std::optional<CaptureEnd> end = {};       ///< of a file with both ends; absent: the client's
  std::optional<Scrambler> scrambler = {};  ///< nothing that is returned holds what it hides
  std::vector<std::string> more = {};       ///< files in which the capture may go on
};

/// Somebody else's capture, read to its end.
struct ForeignCapture {
  explicit ForeignCapture(std::uint64_t seed) : book(seed) {}

  offline::Book book;
  offline::TrackerCounts counts;
  CaptureFacts facts;
  offline::Surroundings around;
  std::string damage;      ///< one line; empty: the file is whole
  bool both_ends = false;  ///< a ticket of compare, of which one end was read
  std::size_t files = 1;   ///< it was in so many: the first, and some of the request's `more`
  [[nodiscard]] offline::Capture view(bool local_given, bool has_other_end = false) const {
    return {book, counts, facts, around, local_given, has_other_end};
  }
};

/// The filter does not compile for the link type of some packet.
[[nodiscard]] FileError unfit_filter(const std::string& path, const PacketFilter& filter);

[[nodiscard]] OpenedFile open_request(const ReadRequest& request);

[[nodiscard]] std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError> read_file(
    const ReadRequest& request);

}  // namespace hopblame
