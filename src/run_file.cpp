#include "src/run_file.hpp"

#include "capture/decode.hpp"
#include "capture/pcapng/journal.hpp"

namespace hopblame {

std::string save_run(const Run& run, const std::vector<StoredFrame>& frames) {
  return to_pcapng({run.facts.vantage.interface, frames, write_journal(run), {}});
}

std::variant<Run, Foreign, FileError> load_run(const std::string& path) {
  auto opened = open_file(path);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  std::vector<Observation> observations;
  std::string damage;
  for (;;) {
    const auto event = source.next(TimePoint::max());
    if (const auto* frame = std::get_if<Frame>(&event)) observations.push_back(decode(*frame));
    if (const auto* end = std::get_if<End>(&event)) {
      damage = end->error;
      break;
    }
  }
  const auto journal = source.journal();
  auto run = journal ? read_journal(*journal) : std::nullopt;
  if (!run) return Foreign{damage};
  run->observations = std::move(observations);
  if (source.facts().truncated) run->facts.truncated = true;
  return *run;
}

}  // namespace hopblame
