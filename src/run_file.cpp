#include "src/run_file.hpp"

#include "capture/decode.hpp"
#include "capture/pcapng/journal.hpp"

namespace hopblame {

StoredFrame stored(const Frame& frame) {
  return {frame.at,
          frame.link_type,
          frame.original_length,
          {frame.bytes.begin(), frame.bytes.end()},
          {}};
}

std::string save_run(const Recorded& recorded, const Annotations& with) {
  Recording recording{recorded.run.facts.vantage.interface, recorded.frames,
                      write_journal(recorded.run), with.section, with.names};
  const auto& vantage = recorded.run.facts.vantage;
  for (auto& frame : recording.frames)
    if (const auto* other = vantage.other(interface_index_of(frame.link_type, frame.bytes)))
      frame.interface = other->name;
  for (const auto& [frame, comment] : with.packets)
    if (frame.value >= 1 && frame.value <= recording.frames.size())
      recording.frames[frame.value - 1].comment = comment;
  return to_pcapng(recording);
}

}  // namespace hopblame
