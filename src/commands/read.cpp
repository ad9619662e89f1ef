#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analysis/analyse.hpp"
#include "capture/bpf.hpp"
#include "capture/series.hpp"
#include "src/commands/commands.hpp"
#include "src/commands/read_targets.hpp"
#include "src/commands/targets.hpp"
#include "src/offline/read_file.hpp"
#include "src/offline/spool.hpp"
#include "src/present.hpp"
#include "src/redact.hpp"
#include "src/report/untrusted.hpp"
#include "src/run_file.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

/// Its excerpt needs a second look.
bool wants_excerpt(const OutputOptions& output) {
  return output.save || output.format == Format::html;
}

/// A run of hopblame's own is about one target, and is judged as a whole. Else the exit code.
std::optional<int> misfit(const Run& run, const ReadRequest& request, const ReadOptions& options) {
  if (!request.filter.empty() || request.local)
    complain(request.path + ": a run of hopblame's own; --filter and --local do not apply to it");
  if (options.target.empty()) return {};
  const auto wanted = wanted_of(options.target, request.scrambler);
  if (const auto* error = std::get_if<NotWanted>(&wanted)) {
    complain("--target: " + error->text);
    return error->exit_code;
  }
  if (std::get<Wanted>(wanted).is(run.goal.target)) return {};
  complain(request.path + ": a run of hopblame's own, to another target than " + options.target);
  return exit_code_of::inconclusive;
}

/// The names of files tell of hosts and customers, too.
std::string shown_name(const std::string& path, const ReadOptions& options) {
  if (!options.output.redact) return for_terminal(path);
  const auto place = std::ranges::find(options.files, path) - options.files.begin();
  return fmt::format("file {}", place + 1);
}

/// Says which file what follows is about, where there are several.
int head(const ReadRequest& request, const ReadOptions& options) {
  if (options.files.size() == 1 || options.output.format != Format::text) return 0;
  const auto path = shown_name(request.path, options);
  if (request.more.empty()) return print(path + ":\n");
  return print(fmt::format("{} to {} ({} files, one capture):\n", path,
                           shown_name(request.more.back(), options), request.more.size() + 1));
}

/// What is left in `request.more` belongs to the same capture.
int read_one(ReadRequest& request, const ReadOptions& options) {
  if (request.path == "-" && wants_excerpt(options.output)) {
    if (const auto error = spool_standard_input(); !error.empty()) {
      complain(error);
      return exit_code_of::environment;
    }
  }
  auto loaded = read_file(request);
  const auto* foreign = std::get_if<std::unique_ptr<ForeignCapture>>(&loaded);
  request.more.resize(foreign ? (*foreign)->files - 1 : 0);
  if (head(request, options) != 0) return exit_code_of::environment;
  if (const auto* error = std::get_if<FileError>(&loaded)) {
    complain(error->text);
    return exit_code_of::unreadable(*error);
  }
  if (foreign != nullptr) return tell_targets(**foreign, request, options);
  const auto& recorded = std::get<Recorded>(loaded);
  if (const auto code = misfit(recorded.run, request, options)) return *code;
  const auto analysis = analyse(recorded.run);
  const Result result{recorded.run, analysis, "read",
                      [&](const Annotations& with) { return save_run(recorded, with); }};
  return present(result, options.output);
}

/// One folder holds one ticket: of several captures each gets its own in it.
void make_room_for_several(OutputOptions& output) {
  if (output.save && !output.save->ends_with('/')) *output.save += '/';
}

}  // namespace

/// Of several files the worst tells: the highest exit code.
int run_command(const ReadOptions& given) {
  auto options = given;
  ReadRequest request{{}, options.filter, options.local};
  if (options.output.redact && !(request.scrambler = scrambler_for(options.output)))
    return exit_code_of::environment;
  hide_typed(request.scrambler, options.target);
  if (const auto error = PacketFilter(options.filter).check(); !error.empty()) {
    complain("--filter: " + error);
    return exit_code_of::wrong_usage;
  }
  int worst = 0;
  const auto captures = possible_series(options.files);
  if (captures.size() > 1) make_room_for_several(options.output);
  for (const auto& series : captures)
    for (std::size_t at = 0; at < series.size(); at += 1 + request.more.size()) {
      request.path = series[at];
      request.more.assign(series.begin() + static_cast<std::ptrdiff_t>(at) + 1, series.end());
      worst = std::max(worst, read_one(request, options));
    }
  return worst;
}

}  // namespace hopblame
