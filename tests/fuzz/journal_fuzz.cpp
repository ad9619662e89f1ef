// Any bytes as a journal; what is believed must survive being written and read again.
#include <cstdlib>

#include "capture/pcapng/journal.hpp"

using namespace hopblame;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto run = read_journal({reinterpret_cast<const char*>(data), size});
  if (!run) return 0;
  const auto again = read_journal(write_journal(*run));
  if (!again || again->goal != run->goal || again->facts != run->facts) std::abort();
  if (again->sends != run->sends || again->connect != run->connect ||
      again->connect_only != run->connect_only)
    std::abort();
  if (again->others != run->others || again->names != run->names) std::abort();
  return 0;
}
