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

namespace {

/// Everything up to the end, which is returned; the packets are numbered as Wireshark does.
End read_frames(FileSource& source, Recorded& recorded) {
  for (;;) {
    const auto event = source.next(TimePoint::max());
    if (const auto* end = std::get_if<End>(&event)) return *end;
    if (const auto* frame = std::get_if<Frame>(&event)) {
      recorded.run.observations.push_back(decode(*frame));
      recorded.frames.push_back(stored(*frame));
    }
  }
}

}  // namespace

std::string save_run(const Recorded& recorded, const Annotations& with) {
  Recording recording{recorded.run.facts.vantage.interface, recorded.frames,
                      write_journal(recorded.run), with.section, with.names};
  for (const auto& [frame, comment] : with.packets)
    if (frame.value >= 1 && frame.value <= recording.frames.size())
      recording.frames[frame.value - 1].comment = comment;
  return to_pcapng(recording);
}

std::variant<Recorded, Foreign, FileError> load_run(const std::string& path) {
  auto opened = open_file(path);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  Recorded recorded;
  const End end = read_frames(source, recorded);
  const auto journal = source.journal();
  auto run = journal ? read_journal(*journal) : std::nullopt;
  if (!run) return Foreign{end.error};
  run->observations = std::move(recorded.run.observations);
  if (source.facts().truncated) run->facts.truncated = true;
  recorded.run = *std::move(run);
  return recorded;
}

}  // namespace hopblame
