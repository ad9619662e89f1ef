#include <algorithm>

#include "analysis/analyse.hpp"
#include "src/commands/commands.hpp"
#include "src/present.hpp"
#include "src/run_file.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

int read_one(const std::string& path, const OutputOptions& output) {
  const auto loaded = load_run(path);
  if (const auto* error = std::get_if<FileError>(&loaded)) {
    complain(error->text);
    return exit_code_of::environment;
  }
  if (const auto* foreign = std::get_if<Foreign>(&loaded)) {
    complain(foreign->damage.empty()
                 ? path + ": not recorded by hopblame; other captures cannot be analysed yet"
                 : foreign->damage + ", and no journal of hopblame in what is left");
    return exit_code_of::inconclusive;
  }
  const auto& recorded = std::get<Recorded>(loaded);
  const auto analysis = analyse(recorded.run);
  const Result result{recorded.run, analysis, "read",
                      [&](const Annotations& with) { return save_run(recorded, with); }};
  return present(result, output);
}

}  // namespace

/// Of several files the worst tells: the highest exit code.
int run_command(const ReadOptions& options) {
  if (options.output.redact) {
    complain("--redact is not part of this version yet");
    return exit_code_of::wrong_usage;
  }
  int worst = 0;
  for (const auto& path : options.files) worst = std::max(worst, read_one(path, options.output));
  return worst;
}

}  // namespace hopblame
