#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "analysis/analyse.hpp"
#include "analysis/compare/direction.hpp"
#include "analysis/compare/sibling.hpp"
#include "analysis/compare/verdict.hpp"
#include "src/commands/commands.hpp"
#include "src/commands/compare_files.hpp"
#include "src/commands/compare_packets.hpp"
#include "src/commands/compare_targets.hpp"
#include "src/offline/both_captures.hpp"
#include "src/offline/connections_of.hpp"
#include "src/offline/read_file.hpp"
#include "src/offline/spool.hpp"
#include "src/present.hpp"
#include "src/redact.hpp"
#include "src/report/target_line.hpp"
#include "src/run_file.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

/// What the client's capture alone says of the target.
struct Alone {
  Run run;
  Analysis analysis;
  std::vector<std::uint32_t> leave_out;
  bool own = false;  ///< a run of ours
};

Alone own_run(Recorded recorded) {
  Alone alone;
  for (const auto& send : recorded.run.sends)
    if (send.spec.question.kind == ProbeKind::syn_bad_checksum)
      alone.leave_out.push_back(send.spec.sequence);
  alone.own = true;
  alone.analysis = analyse(recorded.run);
  alone.run = std::move(recorded.run);
  return alone;
}

/// Of several targets, a line each: every one of them takes a look at both captures.
constexpr std::size_t most_targets = 1000;

class Comparison {
 public:
  explicit Comparison(const CompareOptions& options) : options_(options) {}

  int run() {
    if (!room_for_ticket(options_.output)) return exit_code_of::environment;
    if (options_.output.redact && !(request_.scrambler = scrambler_for(options_.output)))
      return exit_code_of::environment;
    hide_typed(request_.scrambler, options_.target);
    auto files = files_of_ends(options_);
    if (const auto* error = std::get_if<std::string>(&files))
      return say(exit_code_of::wrong_usage, *error);
    files_ = std::get<FilesOfEnds>(std::move(files));
    return with_files();
  }

 private:
  int with_files() {
    if (options_.client == "-" || options_.server == "-")
      if (const auto error = spool_standard_input(); !error.empty())
        return say(exit_code_of::environment, error);
    auto server = packets_of(from(CaptureEnd::server));
    auto other = read_file(request_);
    auto client = packets_of(from(CaptureEnd::client));
    auto file = read_file(from(CaptureEnd::client));
    for (const auto* error : {std::get_if<FileError>(&client), std::get_if<FileError>(&server),
                              std::get_if<FileError>(&file)})
      if (error) return say(exit_code_of::unreadable(*error), error->text);
    for (const auto& [end, packets] :
         {std::pair(CaptureEnd::client, &client), {CaptureEnd::server, &server}})
      if (const auto error = not_joined(files_.of(end), std::get<Packets>(*packets).files);
          !error.empty())
        return say(exit_code_of::wrong_usage, error);
    if (options_.server == options_.client && !std::get<Packets>(client).both_ends)
      return say(exit_code_of::wrong_usage,
                 options_.client +
                     ": one capture only; compare takes the client's and the "
                     "server's, or the trace.pcapng that it saved itself");
    const BothFiles both({connections_of(file), &std::get<Packets>(client)},
                         {connections_of(other), &std::get<Packets>(server)});
    if (auto* recorded = std::get_if<Recorded>(&file))
      return tell_own(std::move(*recorded), ends_of(both, false));
    if (auto* recorded = std::get_if<Recorded>(&other); recorded && is_turned(*recorded, both))
      return tell_own(std::move(*recorded), ends_of(both, true));
    return foreign(both);
  }

  /// A ticket of compare holds both ends: then the two are one file.
  [[nodiscard]] ReadRequest request_of(CaptureEnd end) const {
    auto request = request_;
    const auto& files = files_.of(end);
    request.path = files.front();
    request.more.assign(files.begin() + 1, files.end());
    request.end = end;
    return request;
  }

  const ReadRequest& from(CaptureEnd end) { return request_ = request_of(end); }

  static int say(int exit_code, const std::string& text) {
    complain(text);
    return exit_code;
  }

  /// A run of our own is the client's, though it was given as the server's.
  static bool is_turned(const Recorded& own, const BothFiles& files) {
    return compare::Directions(files.matched()).go_back(own.run.goal.target.address);
  }

  using OneFile = std::variant<Recorded, std::unique_ptr<ForeignCapture>, FileError>;

  static const ForeignCapture* connections_of(const OneFile& file) {
    const auto* foreign = std::get_if<std::unique_ptr<ForeignCapture>>(&file);
    return foreign ? foreign->get() : nullptr;
  }

  struct Ends {
    const Packets& client;
    const compare::Matched& captures;
    bool turned;  ///< the client's is the second file
  };

  /// Both ends of one target.
  struct Judged {
    compare::Comparison both;
    Analysis analysis;
    Run run;
  };

  static Judged judged(Alone alone, const Ends& ends) {
    const auto target = alone.run.goal.target;
    auto both = compare::compare_captures(ends.captures, {target, alone.leave_out, ends.turned});
    if (!alone.own && compare::is_about_another(alone.analysis, both))
      look_at_one(alone, ends.client, target, both.attempts[*both.decisive].at_client);
    auto analysis = compare::judge(both, ends.captures.client.side, ends.captures.server.side,
                                   target, alone.analysis);
    return {std::move(both), std::move(analysis), std::move(alone.run)};
  }

  /// At the client's capture once more, without its other connections to the target.
  static void look_at_one(Alone& alone, const Packets& packets, const Endpoint& target,
                          const Flow& attempt) {
    const auto others = [&](const Observation& packet) {
      return compare::is_of_sibling(packet, attempt);
    };
    const auto capture = hopblame::connections_of(packets.list, packets.facts, std::not_fn(others));
    const auto& targets = capture->book.targets();
    for (std::size_t i = 0; i < targets.size(); ++i)
      if (targets[i].endpoint == target) return tell_alone(alone, *capture, targets[i]);
  }

  static void tell_alone(Alone& alone, const ForeignCapture& capture,
                         const offline::Target& target) {
    auto inspection = offline::inspect(capture.view(false, true), target);
    alone.run = std::move(inspection.run);
    alone.analysis = std::move(inspection.analysis);
  }

  int foreign(const BothFiles& files) const {
    auto chosen = targets_to_compare(files, request_, options_.target);
    if (const auto* error = std::get_if<NotWanted>(&chosen))
      return say(error->exit_code, error->text);
    auto& targets = std::get<std::vector<Compared>>(chosen);
    if (!options_.all) {
      const auto found = first_that_tells(files, targets);
      if (options_.target.empty())
        tell_others(files, targets, [&](const Compared& target) {
          const auto other = judged(alone_of(files, target), ends_of(files, target.turned));
          return exit_code(other.analysis) == 1;
        });
      return tell(found);
    }
    if (is_for_one_only(options_.output))
      return say(exit_code_of::wrong_usage,
                 "a report in this form is about one target: choose it with --target HOST:PORT");
    return tell_each(files, targets);
  }

  /// What works does not take the place of what fails.
  static bool fares_no_better(const Judged& one, const Judged& other) {
    return exit_code(one.analysis) == 1 || exit_code(other.analysis) != 1;
  }

  /// What was left over of an older connection shows no attempt to compare. Puts the target first
  /// of which both show one.
  static Judged first_that_tells(const BothFiles& files, std::vector<Compared>& targets) {
    constexpr std::ptrdiff_t most = 20;
    const auto judge_one = [&](const Compared& target) {
      return judged(alone_of(files, target), ends_of(files, target.turned));
    };
    auto first = judge_one(targets.front());
    const auto end = targets.begin() + std::min(most, std::ssize(targets));
    for (auto next = targets.begin() + 1; !first.both.decisive && next < end; ++next)
      if (auto other = judge_one(*next); other.both.decisive && fares_no_better(other, first)) {
        std::rotate(targets.begin(), next, next + 1);
        return other;
      }
    return first;
  }

  static Alone alone_of(const BothFiles& files, const Compared& target) {
    const auto& capture = *(target.turned ? files.second : files.first).connections;
    Alone alone;
    tell_alone(alone, capture, capture.book.targets()[target.rank.index()]);
    return alone;
  }

  static Ends ends_of(const BothFiles& files, bool turned) {
    return {*(turned ? files.second : files.first).packets, files.matched(turned), turned};
  }

  int tell_each(const BothFiles& files, const std::vector<Compared>& targets) const {
    const bool json = options_.output.format == Format::json;
    const auto shown = std::min(targets.size(), most_targets);
    unsigned not_open = 0;
    std::set<int> codes;
    for (std::size_t i = 0; i < shown; ++i) {
      const auto found = judged(alone_of(files, targets[i]), ends_of(files, targets[i].turned));
      const ReportInput input{found.run,        found.analysis,         "compare",
                              HOPBLAME_VERSION, options_.output.redact, {},
                              &found.both};
      codes.insert(exit_code(found.analysis));
      if (found.analysis.verdict.outcome != Outcome::open) ++not_open;
      if (print(json ? render_json(input) : target_line(input, line_width())) != 0)
        return exit_code_of::environment;
    }
    if (shown < targets.size())
      complain(fmt::format("only the first {} of {} targets are compared", shown, targets.size()));
    if (!json && print(summary(shown, not_open)) != 0) return exit_code_of::environment;
    return codes.contains(1) ? 1 : codes.contains(3) ? exit_code_of::inconclusive : 0;
  }

  static std::string summary(std::size_t count, unsigned not_open) {
    return fmt::format(
        "{} target{} seen at both ends, {} not open; --target HOST:PORT shows one packet by "
        "packet\n",
        count, count == 1 ? "" : "s", not_open);
  }

  int tell_own(Recorded recorded, const Ends& ends) const {
    return tell(judged(own_run(std::move(recorded)), ends));
  }

  int tell(const Judged& found) const {
    Run run = found.run;
    Result result{run, found.analysis, "compare", {}};
    result.both = &found.both;
    const bool has_pictures = options_.output.save || options_.output.format == Format::html;
    const auto captures = has_pictures ? captures_of(found.both) : std::nullopt;
    if (has_pictures && !captures) return exit_code_of::environment;
    if (captures && run.observations.empty()) run.observations = observations_of(captures->client);
    if (captures)
      result.capture = [&](const Annotations& with) {
        return save_both(*captures, found.both, with);
      };
    return present(result, options_.output);
  }

  /// For the ticket; nothing, and said why, when a file cannot be read a second time.
  std::optional<BothCaptures> captures_of(const compare::Comparison& both) const {
    const auto client = both.turned ? CaptureEnd::server : CaptureEnd::client;
    const auto server = both.turned ? CaptureEnd::client : CaptureEnd::server;
    auto captures = both_captures(request_of(client), request_of(server), both);
    if (auto* error = std::get_if<FileError>(&captures)) complain(error->text);
    auto* read = std::get_if<BothCaptures>(&captures);
    return read ? std::optional(std::move(*read)) : std::nullopt;
  }

  const CompareOptions& options_;
  FilesOfEnds files_;
  ReadRequest request_;
};

}  // namespace

int run_command(const CompareOptions& options) { return Comparison(options).run(); }

}  // namespace hopblame
